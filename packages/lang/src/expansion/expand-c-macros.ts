/**
 * Macros of C in the code of a program: a name, or a name with arguments, becomes the expression that its body is in
 * bpftrace's language. Builtins and functions of the language come first.
 */
import { findAggregation } from '../builtins/aggregations.ts';
import { CONSTANT_CALLS, findCall } from '../builtins/calls.ts';
import { CONSTANT_VARIABLES, findVariable } from '../builtins/variables.ts';
import type { CMacro } from '../c/c-macro.ts';
import type { CToken } from '../c/c-token.ts';
import type { Macros } from '../c/macro-expander.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  macroArgumentCount,
  macroNoExpression,
  macroRecursion,
  macroTooLong,
} from '../diagnostics/messages/c.ts';
import { Source } from '../source.ts';
import type { AnyNode, Call, Identifier, Program } from '../syntax/ast.ts';
import { parseExpression } from '../syntax/parse.ts';
import { countNodes } from '../syntax/tree-depth.ts';
import { rewrite, rewriteChildren } from '../syntax/visit.ts';
import { withOrigin } from './with-origin.ts';

/** Macros that use macros twice double at each step. */
const MAX_NODES = 100_000;

export function expandCMacros(program: Program, macros: Macros, diagnostics: Diagnostics): Program {
  return new Expander(macros, diagnostics).below(program, []);
}

class Expander {
  readonly #macros: Macros;
  readonly #diagnostics: Diagnostics;
  #nodesLeft = MAX_NODES;

  constructor(macros: Macros, diagnostics: Diagnostics) {
    this.#macros = macros;
    this.#diagnostics = diagnostics;
  }

  /** `open` are the macros that the node came from. */
  below<Tree extends AnyNode>(node: Tree, open: readonly string[]): Tree {
    return rewriteChildren(node, (child) => this.#expand(child, open));
  }

  #expand(node: AnyNode, open: readonly string[]): AnyNode {
    if (node.kind === 'identifier') {
      const macro = isOfLanguage(node.name) ? undefined : this.#macros.get(node.name);
      return macro !== undefined && macro.parameters === undefined && !isItself(macro)
        ? this.#use(node, macro, new Map(), open)
        : node;
    }
    if (node.kind !== 'call') return this.below(node, open);
    const macro = isFunction(node.callee) ? undefined : this.#macros.get(node.callee);
    return macro?.parameters === undefined
      ? this.below(node, open)
      : this.#call(node, macro, macro.parameters, open);
  }

  #call(
    node: Call,
    macro: CMacro,
    parameters: readonly string[],
    open: readonly string[],
  ): AnyNode {
    const { arguments: given } = this.below(node, open);
    if (given.length === parameters.length) {
      const passed = new Map(parameters.map((name, index) => [name, given[index] ?? node]));
      return this.#use(node, macro, passed, open);
    }
    this.#diagnostics.add(
      macroArgumentCount(node.span, macro.name, parameters.length, given.length),
    );
    return node;
  }

  #use(
    node: Call | Identifier,
    { name, body }: CMacro,
    passed: ReadonlyMap<string, AnyNode>,
    open: readonly string[],
  ): AnyNode {
    if (open.includes(name)) {
      this.#diagnostics.add(macroRecursion(node.span, open));
      return node;
    }
    const text = spell(body, passed);
    const { program: expression } = parseExpression(new Source(name, text));
    if (expression === undefined) {
      this.#diagnostics.add(macroNoExpression(node.span, text));
      return node;
    }
    if (this.#nodesLeft < 0) return node;
    const filled = rewrite(withOrigin(expression, node.span), (part) =>
      part.kind === 'variable' ? (passed.get(part.name) ?? part) : part,
    );
    // What was passed counts each time that it stands there.
    this.#nodesLeft -= countNodes(filled, MAX_NODES);
    if (this.#nodesLeft < 0) {
      this.#diagnostics.add(macroTooLong(node.span, name, MAX_NODES));
      return node;
    }
    return this.#expand(filled, [...open, name]);
  }
}

/**
 * Without blanks, as bpftrace shows it, but where two words would become one. Parameters are variables, so that
 * `(x) * (y)` is a product and no cast.
 */
function spell(tokens: readonly CToken[], parameters: ReadonlyMap<string, AnyNode>): string {
  return tokens.reduce((text, token) => {
    const glued = /\w$/.test(text) && /^\w/.test(token.text);
    const spelled = parameters.has(token.text) ? `$${token.text}` : token.text;
    return glued ? `${text} ${spelled}` : text + spelled;
  }, '');
}

/** `#define X X`, as headers write beside an enumerator X. */
function isItself({ name, body }: CMacro): boolean {
  return body.length === 1 && body[0]?.text === name;
}

function isOfLanguage(name: string): boolean {
  return (
    findVariable(name) !== undefined || CONSTANT_VARIABLES.some((constant) => constant === name)
  );
}

function isFunction(name: string): boolean {
  return (
    CONSTANT_CALLS.has(name) || findCall(name) !== undefined || findAggregation(name) !== undefined
  );
}
