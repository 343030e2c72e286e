/** Writes output items as text or JSON; text of one drain goes out in one write. */
import { writeSync, openSync, closeSync } from 'node:fs';
import {
  encodeText,
  renderJson,
  renderText,
  systemReason,
  type OutputItem,
} from '@bpfleet/protocol';
import type { LocalIo, LocalOptions } from './local-options.ts';

type WriterOptions = Pick<LocalOptions, 'format' | 'outputPath' | 'quiet' | 'bufferMode'>;

/** `full` buffering holds back this much, bytes. */
const BLOCK_BYTES = 64 << 10;

export class OutputWriter {
  readonly #options: WriterOptions;
  readonly #io: LocalIo;
  readonly #fd: number | undefined;
  readonly #escape: boolean;
  #pending: string[] = [];
  #pendingLength = 0;

  /** Throws an Error when the output file cannot be made. */
  constructor(options: WriterOptions, io: LocalIo) {
    this.#options = options;
    this.#io = io;
    this.#escape = escapesStrings(options, io);
    this.#fd = options.outputPath === undefined ? undefined : openOutput(options.outputPath);
  }

  items(items: readonly OutputItem[]): void {
    for (const item of items) this.#item(item);
    if (this.#options.bufferMode !== 'full' || this.#pendingLength >= BLOCK_BYTES) this.flush();
  }

  /** Script output that is not an item: the blank lines before the final maps. */
  text(text: string): void {
    if (this.#options.format === 'text') this.#out(text);
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingLength = 0;
    if (this.#fd === undefined) this.#io.out(text);
    else this.#write(this.#fd, encodeText(text));
  }

  close(): void {
    this.flush();
    if (this.#fd !== undefined) closeSync(this.#fd);
  }

  #item(item: OutputItem): void {
    if (item.kind === 'attached-probes' && this.#options.quiet) return;
    if (this.#options.format === 'json') {
      this.#out(renderJson(item));
      return;
    }
    const { stream, text } = renderText(item, this.#escape ? { escape: 'traced' } : {});
    if (stream === 'out') {
      this.#out(text);
      return;
    }
    this.flush();
    this.#io.err(text);
  }

  #write(fd: number, bytes: Uint8Array): void {
    try {
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const message = `Failed to write output file: "${this.#options.outputPath}": ${systemReason(error)}`;
      throw new Error(message, { cause: error });
    }
  }

  #out(text: string): void {
    this.#pending.push(text);
    this.#pendingLength += text.length;
  }
}

/** Whether what was traced is made visible; in files and pipes it is kept as it is, and JSON has its own way. */
export function escapesStrings(
  { format, outputPath }: Pick<LocalOptions, 'format' | 'outputPath'>,
  { isTerminal = false }: Pick<LocalIo, 'isTerminal'>,
): boolean {
  return isTerminal && format === 'text' && outputPath === undefined;
}

function openOutput(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const message = `Failed to open output file: "${path}": ${systemReason(error)}`;
    throw new Error(message, { cause: error });
  }
}
