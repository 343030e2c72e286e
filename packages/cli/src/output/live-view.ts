/** The lower part of a terminal that is drawn over again, with finished lines scrolling away above it. */
import { escapeLine } from '@bpfleet/protocol';

const CLEAR_BELOW = '\u001b[J';

/** What a line longer than the screen is wide would wrap to is cut off, so that lines can be counted. */
function fit(text: string, columns: number, rows: number): readonly string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.length < rows ? lines : [...lines.slice(0, rows - 2), '…'];
  return shown.map((line) => (line.length < columns ? line : line.slice(0, columns - 1)));
}

export class LiveView {
  readonly #write: (text: string) => void;
  readonly #size: () => { readonly columns: number; readonly rows: number };
  #drawn: readonly string[] = [];

  constructor(
    write: (text: string) => void,
    size: () => { readonly columns: number; readonly rows: number },
  ) {
    this.#write = write;
    this.#size = size;
  }

  draw(text: string): void {
    const { columns, rows } = this.#size();
    this.#write(this.#erase());
    this.#drawn = fit(escapeLine(text), columns, rows);
    this.#write(this.#drawn.map((line) => `${line}\n`).join(''));
  }

  /** Prints above the live part. */
  print(text: string): void {
    const lines = this.#drawn;
    this.#write(this.#erase() + escapeLine(text) + lines.map((line) => `${line}\n`).join(''));
    this.#drawn = lines;
  }

  clear(): void {
    this.#write(this.#erase());
  }

  #erase(): string {
    const up = this.#drawn.length;
    this.#drawn = [];
    return up === 0 ? '' : `\u001b[${up}A\r${CLEAR_BELOW}`;
  }
}
