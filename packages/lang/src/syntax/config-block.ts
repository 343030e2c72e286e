/** `config = { … }` as it is written. */
import type { Span } from '../source.ts';

export interface ConfigBlock {
  readonly kind: 'config';
  readonly span: Span;
  readonly entries: readonly ConfigEntry[];
}

export interface ConfigEntry {
  readonly span: Span;
  readonly key: string;
  readonly keySpan: Span;
  readonly value: string | bigint | boolean;
  readonly valueSpan: Span;
}
