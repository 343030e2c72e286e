/** The parser's entry. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nestedTooDeeply } from '../diagnostics/messages/syntax.ts';
import type { Source } from '../source.ts';
import type { AnyNode, Expression, Program } from './ast.ts';
import { ProgramParser } from './program-parser.ts';
import { SyntaxFault } from './syntax-fault.ts';
import { deeperThan } from './tree-depth.ts';

/** Operators in a row nest the tree as parentheses do. Later passes walk it by recursion, so it must fit the stack. */
const maxDepth = 500;

export interface ParseResult<Tree> {
  /** Absent if there is an error. */
  readonly program: Tree | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses a program; stops at the first syntax error. Never throws. */
export function parse(source: Source): ParseResult<Program> {
  return collect(() => new ProgramParser(source).program());
}

/** Parses one expression, such as the body of a `#define`. Never throws. */
export function parseExpression(source: Source): ParseResult<Expression> {
  return collect(() => {
    const parser = new ProgramParser(source);
    const expression = parser.expression();
    if (!parser.atEnd()) parser.failExpected('end of expression');
    return expression;
  });
}

function collect<Tree extends AnyNode>(run: () => Tree): ParseResult<Tree> {
  try {
    const program = run();
    const deep = deeperThan(program, maxDepth);
    if (deep === undefined) return { program, diagnostics: [] };
    return { program: undefined, diagnostics: [nestedTooDeeply(deep.span, maxDepth)] };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { program: undefined, diagnostics: [fault.diagnostic] };
  }
}
