/** The kinds of items that print as a line of text; their columns are enough to have them back. */

export type TextKind = 'printf' | 'time' | 'join' | 'system' | 'cat';

const KINDS: ReadonlySet<string> = new Set<TextKind>(['printf', 'time', 'join', 'system', 'cat']);

export function isTextKind(kind: string): kind is TextKind {
  return KINDS.has(kind);
}
