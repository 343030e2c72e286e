/** Notes: small named records that linkers and tools leave in an ELF file. */
import { ElfReader } from './elf-reader.ts';

export interface ElfNote {
  readonly owner: string;
  readonly type: number;
  readonly description: Uint8Array;
}

const HEADER_BYTES = 12;

/**
 * The notes of one section or segment.
 * @throws ElfError for a note that runs past the end.
 */
export function* readNotes(data: Uint8Array, alignment: number): Generator<ElfNote> {
  const reader = new ElfReader(data);
  const padding = alignment === 8 ? 8 : 4;
  const padded = (length: number): number => Math.ceil(length / padding) * padding;
  for (let at = 0; at + HEADER_BYTES <= data.length;) {
    const ownerBytes = reader.u32(at);
    const descriptionBytes = reader.u32(at + 4);
    const ownerAt = at + HEADER_BYTES;
    const descriptionAt = at + padded(HEADER_BYTES + ownerBytes);
    const ownerField = reader.slice(ownerAt, ownerBytes, 'note owner');
    yield {
      owner: ownerBytes === 0 ? '' : new ElfReader(ownerField).string(0),
      type: reader.u32(at + 8),
      description: reader.slice(descriptionAt, descriptionBytes, 'note'),
    };
    at = descriptionAt + padded(descriptionBytes);
  }
}
