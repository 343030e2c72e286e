/** What is fuzzed: code that takes bytes which somebody else wrote. */

export interface FuzzTarget {
  readonly name: string;
  /** Inputs that are well formed, from which others are made; those in `corpus/NAME` come in addition. */
  readonly seeds: () => readonly Uint8Array[];
  /** Folders of the corpus that it shares with other targets. */
  readonly shares?: readonly string[];
  readonly mutate: 'bytes' | 'text' | 'json';
  /** Words that the format knows, which chance would not find. */
  readonly words?: readonly string[];
  /** Anything thrown that is not one of `refusals` is a finding. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
  /** The errors by which the code says that its input is bad. */
  readonly refusals?: readonly (new (...args: never[]) => Error)[];
  /** Of an input; 16 KB when absent. */
  readonly maxBytes?: number;
  /** What one input may make the code take; 128 MB when absent. */
  readonly maxMemoryBytes?: number;
  /** How many inputs `npm test` makes; 2,000 when absent. */
  readonly testRuns?: number;
}

export const DEFAULT_INPUT_BYTES = 16 * 1024;
export const DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function textOf(input: Uint8Array): string {
  return decoder.decode(input);
}

export function bytesOf(...texts: readonly string[]): readonly Uint8Array[] {
  return texts.map((text) => encoder.encode(text));
}
