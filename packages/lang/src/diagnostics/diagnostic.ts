/**
 * What is wrong with a user's program, as values: never thrown, collected per pass, rendered in bpftrace's form.
 */
import type { Span } from '../source.ts';

export type Severity = 'error' | 'warning';

export interface Diagnostic {
  /** Stable, kebab-case; documented in `docs/diagnostics.md`. */
  readonly code: string;
  readonly severity: Severity;
  /** Absent only for what concerns the whole program ("no probes to attach"). */
  readonly span?: Span;
  readonly message: string;
  /** A line of its own before the rest: what a program that reads the output of bpftrace looks for. */
  readonly foreword?: string;
  /** A second place that explains the first, such as "first assigned here". */
  readonly labels?: readonly { readonly span: Span; readonly message: string }[];
  /** What to do about it; printed as `HINT: …`. */
  readonly hints?: readonly string[];
}

/** Collects the findings of a pass. */
export class Diagnostics {
  readonly #items: Diagnostic[] = [];

  add(diagnostic: Diagnostic): void {
    this.#items.push(diagnostic);
  }

  get items(): readonly Diagnostic[] {
    return this.#items;
  }

  get failed(): boolean {
    return this.#items.some((item) => item.severity === 'error');
  }
}
