/** Tables for `dw_ustack`: the rows of all files that some processes map, and where each process maps them. */
import type { ProcessEvent } from '@bpfleet/bpf';
import { Elf } from '@bpfleet/bpf/elf';
import { UNWIND } from '@bpfleet/lang';
import { openFileBytes } from '../debug/file-bytes.ts';
import { livingMappings } from '../symbols/process-history.ts';
import type { Mapping } from '../symbols/process-maps.ts';
import { fileRows } from './file-rows.ts';

const { rowBytes, rowsPerBlock, mappingBytes, mappingsPerProcess, noStart } = UNWIND;
const blockBytes = rowsPerBlock * rowBytes;

interface FileTable {
  readonly elf: Elf;
  readonly firstRow: number;
  readonly rowCount: number;
}

/** Rows beyond those of the files that are mapped at first: for libraries that are loaded later. */
const SPARE_BLOCKS = 64;

/** Where the tables are kept for the programs. */
export interface UnwindStore {
  writeBlock(index: number, block: Uint8Array): void;
  writeProcess(pid: number, mappings: Uint8Array): void;
}

export class UnwindTables {
  readonly #pids: Set<number>;
  readonly #files = new Map<string, FileTable | undefined>();
  /** All rows so far; of the last block as many as there are. */
  readonly #blocks: Uint8Array[] = [];
  #rowCount = 0;
  #store: UnwindStore | undefined;
  readonly #room: number | undefined;

  /** Processes that are gone have no mappings. */
  constructor(pids: readonly number[]) {
    this.#pids = new Set(pids);
    for (const pid of this.#pids) this.#readProcess(pid);
    this.#room = this.#blocks.length + SPARE_BLOCKS;
  }

  /** How many blocks there may ever be. */
  get room(): number {
    return this.#room ?? 0;
  }

  /** Writes all there is, and from now on what changes. */
  writeTo(store: UnwindStore): void {
    this.#store = store;
    for (const [index, block] of this.#blocks.entries()) store.writeBlock(index, block);
    for (const pid of this.#pids) this.#writeProcess(pid);
  }

  /** Reads the mappings anew of processes of interest that have mapped something; takes in their children. */
  follow(events: readonly ProcessEvent[]): void {
    const changed = new Set<number>();
    for (const event of events) {
      if (
        event.kind === 'fork' &&
        this.#pids.has(event.parent) &&
        this.#pids.size < UNWIND.processes
      ) {
        this.#pids.add(event.pid);
        changed.add(event.pid);
      } else if (event.kind === 'map' && this.#pids.has(event.pid)) changed.add(event.pid);
    }
    for (const pid of changed) this.#writeProcess(pid);
  }

  #writeProcess(pid: number): void {
    const mappings = this.#readProcess(pid);
    if (mappings !== undefined) this.#store?.writeProcess(pid, mappings);
  }

  #readProcess(pid: number): Uint8Array | undefined {
    const mappings = livingMappings(pid).filter(({ executable }) => executable);
    if (mappings.length === 0) return undefined;
    const bytes = new Uint8Array(mappingsPerProcess * mappingBytes);
    const view = new DataView(bytes.buffer);
    let index = 0;
    for (const mapping of mappings) {
      const file = this.#file(pid, mapping);
      const linked = file?.elf.offsetToAddress(Number(mapping.fileOffset));
      if (file === undefined || linked === undefined || index >= mappingsPerProcess - 1) continue;
      const at = ++index * mappingBytes;
      view.setBigUint64(at, mapping.start, true);
      view.setBigUint64(at + 8, mapping.end, true);
      view.setBigUint64(at + 16, BigInt.asUintN(64, mapping.start - BigInt(linked)), true);
      view.setUint32(at + 24, file.firstRow, true);
      view.setUint32(at + 28, file.rowCount, true);
    }
    for (index++; index < mappingsPerProcess; index++) {
      view.setBigUint64(index * mappingBytes, noStart, true);
    }
    return bytes;
  }

  #file(pid: number, mapping: Mapping): FileTable | undefined {
    if (!mapping.path.startsWith('/')) return undefined;
    if (this.#files.has(mapping.file)) return this.#files.get(mapping.file);
    const { start, end } = mapping;
    const table = this.#read(`/proc/${pid}/map_files/${start.toString(16)}-${end.toString(16)}`);
    this.#files.set(mapping.file, table);
    return table;
  }

  #read(path: string): FileTable | undefined {
    try {
      const elf = new Elf(openFileBytes(path));
      const rows = fileRows(elf);
      const table = { elf, firstRow: this.#rowCount, rowCount: rows.length / rowBytes };
      return this.#append(rows) ? table : undefined;
    } catch {
      return undefined;
    }
  }

  /** False where there is no room. */
  #append(rows: Uint8Array): boolean {
    const first = Math.floor(this.#rowCount / rowsPerBlock);
    const end = this.#rowCount + rows.length / rowBytes;
    if (this.#room !== undefined && end > this.#room * rowsPerBlock) return false;
    let at = this.#rowCount * rowBytes;
    for (let from = 0; from < rows.length;) {
      const block = this.#block(Math.floor(at / blockBytes));
      const part = rows.subarray(from, from + blockBytes - (at % blockBytes));
      block.set(part, at % blockBytes);
      from += part.length;
      at += part.length;
    }
    this.#rowCount = end;
    for (const [index, block] of this.#blocks.entries()) {
      if (index >= first) this.#store?.writeBlock(index, block);
    }
    return true;
  }

  #block(index: number): Uint8Array {
    const block = this.#blocks[index] ?? new Uint8Array(blockBytes);
    this.#blocks[index] = block;
    return block;
  }
}
