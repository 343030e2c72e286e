/** Ends the lowering of a probe for a reason the user must hear; `compile` turns it back into the diagnostic. */
import type { Diagnostic, Diagnostics } from '../diagnostics/diagnostic.ts';
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

/** Undefined where it ends in a CodegenFault, whose diagnostic is added. */
export function attempt<Made>(diagnostics: Diagnostics, make: () => Made): Made | undefined {
  try {
    return make();
  } catch (fault) {
    if (!(fault instanceof CodegenFault)) throw fault;
    diagnostics.add(fault.diagnostic);
    return undefined;
  }
}
