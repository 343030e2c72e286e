/** Tables for `dw_ustack`: the rows of all files that some processes map, and where each process maps them. */
import { readFileSync } from 'node:fs';
import { Elf } from '@bpfleet/bpf/elf';
import { UNWIND } from '@bpfleet/lang';
import { openFileBytes } from '../debug/file-bytes.ts';
import { parseProcessMaps, type Mapping } from '../symbols/process-maps.ts';
import { fileRows } from './file-rows.ts';

const { rowBytes, rowsPerBlock, mappingBytes, mappingsPerProcess, noStart } = UNWIND;

interface FileTable {
  readonly elf: Elf;
  readonly firstRow: number;
  readonly rowCount: number;
}

export class UnwindTables {
  /** By process id: the value of its mappings. */
  readonly mappings: ReadonlyMap<number, Uint8Array>;
  readonly #files = new Map<string, FileTable | undefined>();
  readonly #parts: Uint8Array[] = [];
  #rowCount = 0;

  /** Processes that are gone have no mappings. */
  constructor(pids: readonly number[]) {
    this.mappings = new Map(
      [...new Set(pids)].flatMap((pid): [number, Uint8Array][] => {
        const bytes = this.#readProcess(pid);
        return bytes === undefined ? [] : [[pid, bytes]];
      }),
    );
  }

  /** The values of the map of rows, in order; at least one. */
  get blocks(): readonly Uint8Array[] {
    const blockBytes = rowsPerBlock * rowBytes;
    const count = Math.max(1, Math.ceil(this.#rowCount / rowsPerBlock));
    const whole = new Uint8Array(count * blockBytes);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return Array.from({ length: count }, (_, index) =>
      whole.subarray(index * blockBytes, (index + 1) * blockBytes),
    );
  }

  #readProcess(pid: number): Uint8Array | undefined {
    let text: string;
    try {
      text = readFileSync(`/proc/${pid}/maps`, 'utf8');
    } catch {
      return undefined;
    }
    const bytes = new Uint8Array(mappingsPerProcess * mappingBytes);
    const view = new DataView(bytes.buffer);
    let index = 1;
    for (const mapping of parseProcessMaps(text)) {
      const file = this.#file(pid, mapping);
      const linked = file?.elf.offsetToAddress(Number(mapping.fileOffset));
      if (file === undefined || linked === undefined || index >= mappingsPerProcess) continue;
      const at = index++ * mappingBytes;
      view.setBigUint64(at, mapping.start, true);
      view.setBigUint64(at + 8, mapping.end, true);
      view.setBigUint64(at + 16, BigInt.asUintN(64, mapping.start - BigInt(linked)), true);
      view.setUint32(at + 24, file.firstRow, true);
      view.setUint32(at + 28, file.rowCount, true);
    }
    for (; index < mappingsPerProcess; index++) {
      view.setBigUint64(index * mappingBytes, noStart, true);
    }
    return bytes;
  }

  #file(pid: number, { path, file }: Mapping): FileTable | undefined {
    if (!path.startsWith('/')) return undefined;
    if (this.#files.has(file)) return this.#files.get(file);
    const table = this.#read(`/proc/${pid}/root${path}`);
    this.#files.set(file, table);
    return table;
  }

  #read(path: string): FileTable | undefined {
    try {
      const elf = new Elf(openFileBytes(path));
      const rows = fileRows(elf);
      const table = { elf, firstRow: this.#rowCount, rowCount: rows.length / rowBytes };
      this.#parts.push(rows);
      this.#rowCount += table.rowCount;
      return table;
    } catch {
      return undefined;
    }
  }
}
