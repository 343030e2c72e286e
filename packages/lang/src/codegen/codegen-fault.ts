/** Ends the lowering of a probe for a reason the user must hear; `compile` turns it back into the diagnostic. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { notSupportedYet } from '../diagnostics/messages/names.ts';
import type { Span } from '../source.ts';

export class CodegenFault extends Error {
  override readonly name = 'CodegenFault';
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** @throws CodegenFault always: `what` is something this compiler cannot generate code for yet. */
export function refuse(span: Span, what: string): never {
  throw new CodegenFault(notSupportedYet(span, what));
}
