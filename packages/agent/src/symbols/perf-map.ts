/**
 * Functions that a just-in-time compiler made: runtimes list them in `/tmp/perf-PID.map`, which grows while they run.
 *
 * Format: https://github.com/torvalds/linux/blob/v6.12/tools/perf/Documentation/jit-interface.txt
 */
import type { UserSymbol } from './code-place.ts';

interface JitFunction {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const PAGE_BYTES = 4096;
/** A longer one is no function, and would be in too many pages. */
const MAX_FUNCTION_BYTES = 1 << 26;
/** No address of a user program is as long in hex. */
const MAX_HEX_CHARS = 13;

export class PerfMap {
  /** By page: what lies in it, in the order of the file. */
  readonly #pages = new Map<number, JitFunction[]>();
  /** Of a line that is not all there yet. */
  #rest = '';

  /** Takes the next part of the file. Lines that make no sense are left out. */
  append(text: string): void {
    const whole = this.#rest + text;
    let at = 0;
    for (let end = whole.indexOf('\n'); end !== -1; end = whole.indexOf('\n', at)) {
      this.#addLine(whole.slice(at, end));
      at = end + 1;
    }
    this.#rest = whole.slice(at);
  }

  /** Where two overlap the later one in the file is right: code was moved or thrown away. */
  find(address: bigint): UserSymbol | undefined {
    const at = Number(address);
    const found = this.#pages
      .get(Math.floor(at / PAGE_BYTES))
      ?.findLast(({ start, end }) => at >= start && at < end);
    return found && { name: found.name, offset: at - found.start };
  }

  #addLine(line: string): void {
    const first = line.indexOf(' ');
    const second = line.indexOf(' ', first + 1);
    if (first === -1 || second === -1) return;
    const start = hexNumber(line.slice(0, first));
    const size = hexNumber(line.slice(first + 1, second));
    const name = line.slice(second + 1).trimEnd();
    if (start === undefined || size === undefined || name === '') return;
    if (size > MAX_FUNCTION_BYTES) return;
    // One without a size has its first byte.
    const end = start + Math.max(1, size);
    const entry = { start, end, name };
    for (let page = Math.floor(start / PAGE_BYTES); page * PAGE_BYTES < end; page++) {
      const list = this.#pages.get(page);
      if (list === undefined) this.#pages.set(page, [entry]);
      else list.push(entry);
    }
  }
}

function hexNumber(text: string): number | undefined {
  const digits = text.replace(/^0[xX]/, '').replace(/^0+(?=.)/, '');
  return digits.length <= MAX_HEX_CHARS && /^[0-9a-fA-F]+$/.test(digits)
    ? Number.parseInt(digits, 16)
    : undefined;
}
