/** How a syntax error leaves the recursion of the parser: `parse` catches it and hands back its diagnostic. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

export class SyntaxFault extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = 'SyntaxFault';
    this.diagnostic = diagnostic;
  }
}
