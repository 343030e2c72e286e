/**
 * Functions that a just-in-time compiler made: runtimes list them in `/tmp/perf-PID.map`, which grows while they run.
 *
 * Format: https://github.com/torvalds/linux/blob/v6.12/tools/perf/Documentation/jit-interface.txt
 */
import type { UserSymbol } from './code-place.ts';

interface JitFunction {
  /** In the order of the file. */
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const PAGE_BYTES = 4096;
/** A longer one is no function. */
const MAX_FUNCTION_BYTES = 1 << 26;
/** No address of a user program is as long in hex. */
const MAX_HEX_CHARS = 13;
/** A line that goes on beyond is none. */
const MAX_LINE_CHARS = 1 << 16;
/** Of so many in one place the older ones have long been thrown away. */
const MAX_IN_PLACE = 2 * PAGE_BYTES;

/**
 * Functions of up to a size, by the places of that size they lie in: two at most, so that whoever writes the file cannot
 * have them take more room than it has lines.
 */
class SizeClass {
  readonly sizeBytes: number;
  readonly #places = new Map<number, JitFunction[]>();

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  add(one: JitFunction): void {
    const first = Math.floor(one.start / this.sizeBytes);
    for (let place = first; place * this.sizeBytes < one.end; place++) {
      const list = this.#places.get(place);
      if (list === undefined) this.#places.set(place, [one]);
      else {
        list.push(one);
        if (list.length > MAX_IN_PLACE) list.splice(0, MAX_IN_PLACE / 2);
      }
    }
  }

  /** The last in the file. */
  find(at: number): JitFunction | undefined {
    return this.#places
      .get(Math.floor(at / this.sizeBytes))
      ?.findLast(({ start, end }) => at >= start && at < end);
  }
}

export class PerfMap {
  /** From small to large. */
  readonly #classes: readonly SizeClass[] = sizeClasses();
  #added = 0;
  /** Of a line that is not all there yet. */
  #rest = '';
  #skipping = false;

  /** Takes the next part of the file. Lines that make no sense are left out. */
  append(text: string): void {
    const whole = this.#rest + text;
    let at = 0;
    for (let end = whole.indexOf('\n'); end !== -1; end = whole.indexOf('\n', at)) {
      if (!this.#skipping && end - at <= MAX_LINE_CHARS) this.#addLine(whole.slice(at, end));
      this.#skipping = false;
      at = end + 1;
    }
    this.#rest = whole.slice(at);
    if (this.#rest.length <= MAX_LINE_CHARS) return;
    this.#rest = '';
    this.#skipping = true;
  }

  /** Where two overlap the later one in the file is right: code was moved or thrown away. */
  find(address: bigint): UserSymbol | undefined {
    const at = Number(address);
    let found: JitFunction | undefined;
    for (const sizeClass of this.#classes) {
      const one = sizeClass.find(at);
      if (one !== undefined && one.ordinal > (found?.ordinal ?? -1)) found = one;
    }
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
    const sizeClass = this.#classes.find(({ sizeBytes }) => size <= sizeBytes);
    sizeClass?.add({ ordinal: this.#added++, start, end, name });
  }
}

function sizeClasses(): readonly SizeClass[] {
  const classes: SizeClass[] = [];
  for (let size = PAGE_BYTES; size <= MAX_FUNCTION_BYTES; size *= 8) {
    classes.push(new SizeClass(size));
  }
  return [...classes, new SizeClass(MAX_FUNCTION_BYTES)];
}

function hexNumber(text: string): number | undefined {
  const digits = text.replace(/^0[xX]/, '').replace(/^0+(?=.)/, '');
  return digits.length <= MAX_HEX_CHARS && /^[0-9a-fA-F]+$/.test(digits)
    ? Number.parseInt(digits, 16)
    : undefined;
}
