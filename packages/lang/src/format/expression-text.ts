/** Expressions in bpftrace's house style: what is nested in an operator is in parentheses, unless it is simple. */
import type { Block, Expression, If, TypeName } from '../syntax/ast.ts';
import { hasComment } from './layout.ts';
import { printString } from '../syntax/print-string.ts';

/** Blocks are laid out by whoever lays out statements. `indent` is the column of the line that the block begins on. */
export type BlockText = (block: Block, indent: number) => string;

export class ExpressionText {
  readonly #blockText: BlockText;
  readonly #indent: number;

  constructor(blockText: BlockText, indent: number) {
    this.#blockText = blockText;
    this.#indent = indent;
  }

  /** As an operand. */
  nested(node: Expression): string {
    return isSimple(node) ? this.bare(node) : `(${this.bare(node)})`;
  }

  /** Where nothing on either side could bind to it. */
  bare(node: Expression): string {
    switch (node.kind) {
      case 'integer':
        // `1_000`, `0xff` and `5s` stay as they are.
        return node.span.source.text.slice(node.span.start, node.span.end);
      case 'boolean':
        return String(node.value);
      case 'string':
        return printString(node.value);
      case 'identifier':
        return node.name;
      case 'variable':
        return `$${node.name}`;
      case 'map':
        return `${node.name}${node.key === undefined ? '' : `[${this.key(node.key)}]`}`;
      case 'positional':
        return `$${node.index}`;
      case 'positional-count':
        return '$#';
      case 'unary':
        return `${node.operator}${this.nested(node.operand)}`;
      case 'increment': {
        const target = this.nested(node.target);
        return node.prefix ? `${node.operator}${target}` : `${target}${node.operator}`;
      }
      case 'binary':
        return this.operands(node).join(` ${node.operator} `);
      case 'ternary': {
        const then = node.then === undefined ? '' : ` ${this.nested(node.then)}`;
        return `${this.nested(node.condition)} ?${then} : ${this.nested(node.otherwise)}`;
      }
      case 'field':
        return `${this.nested(node.object)}.${node.field}`;
      case 'tuple-access':
        return `${this.nested(node.object)}.${node.index}`;
      case 'index':
        return `${this.#indexed(node.object)}[${this.bare(node.index)}]`;
      case 'call':
        return `${node.callee}(${this.arguments(node).join(', ')})`;
      case 'cast':
        return `(${this.type(node.type)})${this.nested(node.operand)}`;
      case 'tuple': {
        const elements = node.elements.map((element) => this.#element(element));
        return elements.length === 1 ? `(${elements.join('')},)` : `(${elements.join(', ')})`;
      }
      case 'record':
        return `(${node.fields.map(({ name, value }) => `${name}=${this.nested(value)}`).join(', ')})`;
      case 'if':
        return this.#if(node);
      case 'block-expression':
        return this.#block(node.block);
      case 'sizeof':
      case 'typeof':
      case 'typeinfo':
        return `${node.kind}(${this.#typeOrExpression(node.argument)})`;
      case 'offsetof':
        return `offsetof(${this.#typeOrExpression(node.argument)}, ${node.path.join('.')})`;
      case 'comptime':
        return `comptime ${this.nested(node.expression)}`;
    }
  }

  /** `a && b && c` in a row, as texts. */
  operands({ left, operator, right }: Extract<Expression, { kind: 'binary' }>): readonly string[] {
    const chains = isLogical(operator) && left.kind === 'binary' && left.operator === operator;
    const operand = (node: Expression): string =>
      isLogical(operator) && isComparison(node) ? this.bare(node) : this.nested(node);
    return [...(chains ? this.operands(left) : [operand(left)]), operand(right)];
  }

  arguments(call: Extract<Expression, { kind: 'call' }>): readonly string[] {
    return call.arguments.map((argument) => this.#argument(argument));
  }

  /** Several keys are a tuple in the tree; a tuple of one or none is a key that was written as one. */
  key(key: Expression): string {
    if (key.kind !== 'tuple' || key.elements.length < 2) return this.bare(key);
    return key.elements.map((element) => this.#element(element)).join(', ');
  }

  type(type: TypeName): string {
    if (typeof type.base !== 'string') return this.bare(type.base);
    const tag = type.tag === undefined ? '' : `${type.tag} `;
    const suffixes = type.derivations.map((derivation) =>
      derivation.kind === 'pointer' ? '*' : `[${derivation.size ?? ''}]`,
    );
    return `${tag}${type.base}${suffixes.join('')}`;
  }

  /** Without its `if`. */
  condition({ comptime, condition }: If): string {
    return comptime ? `comptime (${this.bare(condition)})` : this.nested(condition);
  }

  /** A bare `typeof` is a type there, and one in parentheses an expression. */
  #argument(argument: Expression | TypeName): string {
    if (argument.kind === 'type-name') return this.type(argument);
    return argument.kind === 'typeof' ? `(${this.bare(argument)})` : this.#element(argument);
  }

  #element(element: Expression): string {
    return isComparison(element) || element.kind !== 'ternary'
      ? this.bare(element)
      : this.nested(element);
  }

  /** Without parentheses, `sizeof(x[0])` would be the size of an array type `x[0]`. */
  #typeOrExpression(argument: Expression | TypeName): string {
    const text = this.#argument(argument);
    return argument.kind === 'index' ? `(${text})` : text;
  }

  /** An index after a bare map is its key. */
  #indexed(object: Expression): string {
    const isBareMap = object.kind === 'map' && object.key === undefined;
    return isBareMap ? `(${object.name})` : this.nested(object);
  }

  #block(block: Block): string {
    return isOneValue(block)
      ? `{ ${this.bare(block.value)} }`
      : this.#blockText(block, this.#indent);
  }

  #if(node: If): string {
    const head = `if ${this.condition(node)} ${this.#block(node.then)}`;
    if (node.otherwise === undefined) return head;
    const otherwise =
      node.otherwise.kind === 'if' ? this.#if(node.otherwise) : this.#block(node.otherwise);
    return `${head} else ${otherwise}`;
  }
}

function isOneValue(block: Block): block is Block & { readonly value: Expression } {
  const { source, start, end } = block.span;
  return (
    block.statements.length === 0 &&
    block.value !== undefined &&
    !hasComment(source.text.slice(start, end))
  );
}

function isLogical(operator: string): boolean {
  return operator === '&&' || operator === '||';
}

function isComparison(node: Expression): boolean {
  return node.kind === 'binary' && ['==', '!=', '<', '<=', '>', '>='].includes(node.operator);
}

/** Needs no parentheses anywhere. */
function isSimple(node: Expression): boolean {
  switch (node.kind) {
    case 'unary':
    case 'increment':
    case 'binary':
    case 'ternary':
    case 'cast':
    case 'if':
    case 'block-expression':
      return false;
    case 'comptime':
      return isSimple(node.expression);
    default:
      return true;
  }
}
