/** Source texts and positions in them. */

// oxlint-disable-next-line no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

export class Source {
  /** What diagnostics print before the position: a file name, or `stdin` for `-e` and `-`. */
  readonly name: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;
  #isAscii: boolean | undefined;
  #counted = { lineStart: -1, offset: 0, bytes: 0 };

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** Offsets at which each line begins. */
  get lineStarts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) {
        starts.push(at + 1);
      }
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }

  /** 1-based line and column of an offset. Columns count bytes of UTF-8, as those of bpftrace and of compilers do. */
  position(offset: number): { line: number; column: number } {
    const line = this.lineOf(offset);
    return { line, column: this.#bytesBefore(offset, this.lineStarts[line - 1] ?? 0) + 1 };
  }

  /** The 1-based line of an offset. */
  lineOf(offset: number): number {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The offset of what stands at a line and column as `position` gives them, or the nearest before it that there is. */
  offset({ line, column }: { readonly line: number; readonly column: number }): number {
    const start = this.lineStarts[line - 1] ?? this.text.length;
    const text = this.line(line);
    let bytes = 0;
    let at = 0;
    while (at < text.length && bytes < column - 1) {
      const size = utf8Size(text, at);
      bytes += size;
      at += size === 4 ? 2 : 1;
    }
    return start + at;
  }

  /** The text of a 1-based line, without its line break. */
  line(line: number): string {
    const start = this.lineStarts[line - 1];
    if (start === undefined) return '';
    const end = this.text.indexOf('\n', start);
    return this.text.slice(start, end === -1 ? undefined : end);
  }

  /** Counts on from where it was asked last: a line may be as long as the program. */
  #bytesBefore(offset: number, lineStart: number): number {
    this.#isAscii ??= ASCII.test(this.text);
    if (this.#isAscii) return offset - lineStart;
    if (this.#counted.lineStart !== lineStart) {
      this.#counted = { lineStart, offset: lineStart, bytes: 0 };
    }
    const { offset: from, bytes: counted } = this.#counted;
    const bytes =
      from <= offset
        ? counted + utf8Bytes(this.text, from, offset)
        : counted - utf8Bytes(this.text, offset, from);
    this.#counted = { lineStart, offset, bytes };
    return bytes;
  }
}

function utf8Bytes(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end;) {
    const size = utf8Size(text, at);
    bytes += size;
    at += size === 4 ? 2 : 1;
  }
  return bytes;
}

/** Of the character that begins at `at`; what is half of one is encoded as U+FFFD, unless it stands for a byte. */
function utf8Size(text: string, at: number): number {
  const code = text.codePointAt(at) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  // A byte that was no UTF-8.
  if (code >= 0xdc80 && code <= 0xdcff) return 1;
  return code < 0x1_0000 ? 3 : 4;
}

/** A half-open range of a source text, in UTF-16 units. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  /** Where the text was put to use: the call of the macro or the import that it came by. */
  readonly expandedFrom?: Span;
}

export function span(source: Source, start: number, end: number): Span {
  return { source, start, end };
}

/** The smallest span that holds both; they must be of one source. */
export function join(a: Span, b: Span): Span {
  return { ...a, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
