/** Expressions and types as source text. */
import type { Block, Expression, If, TypeName } from './ast.ts';
import {
  binaryPrecedence,
  postfixPrecedence,
  primaryPrecedence,
  ternaryPrecedence,
  unaryPrecedence,
} from './precedence.ts';
import { printString } from './print-string.ts';

/** Statements hold expressions and expressions hold blocks; the printer of blocks is handed in. `level` is its indent. */
export type BlockPrinter = (block: Block, level: number) => string;

/** `place` is what the grammar admits there: any expression, or a primary only. */
export function printExpression(
  expression: Expression,
  printBlock: BlockPrinter,
  level = 0,
  place: 'expression' | 'primary' = 'expression',
): string {
  const minimum = place === 'primary' ? primaryPrecedence : ternaryPrecedence;
  return new ExpressionPrinter(printBlock, level).print(expression, minimum);
}

export function printType(type: TypeName, printBlock: BlockPrinter, level: number): string {
  return new ExpressionPrinter(printBlock, level).type(type);
}

class ExpressionPrinter {
  readonly #printBlock: BlockPrinter;
  readonly #level: number;

  constructor(printBlock: BlockPrinter, level: number) {
    this.#printBlock = printBlock;
    this.#level = level;
  }

  /** In parentheses if it binds more loosely than `minimum`. */
  print(expression: Expression, minimum: number): string {
    const text = this.#bare(expression);
    return precedenceOf(expression) < minimum ? `(${text})` : text;
  }

  #bare(node: Expression): string {
    switch (node.kind) {
      case 'integer':
        return `${node.value}${node.suffix ?? ''}`;
      case 'boolean':
        return String(node.value);
      case 'string':
        return printString(node.value);
      case 'identifier':
        return node.name;
      case 'variable':
        return `$${node.name}`;
      case 'map':
        return `${node.name}${node.key === undefined ? '' : `[${this.#key(node.key)}]`}`;
      case 'positional':
        return `$${node.index}`;
      case 'positional-count':
        return '$#';
      case 'unary':
        return this.#unary(node);
      case 'increment': {
        const target = this.print(node.target, postfixPrecedence);
        return node.prefix ? `${node.operator}${target}` : `${target}${node.operator}`;
      }
      case 'binary': {
        const precedence = precedenceOf(node);
        const left = this.print(node.left, precedence);
        return `${left} ${node.operator} ${this.print(node.right, precedence + 1)}`;
      }
      case 'ternary': {
        const condition = this.print(node.condition, ternaryPrecedence + 1);
        const then = node.then === undefined ? '' : ` ${this.print(node.then, ternaryPrecedence)}`;
        return `${condition} ?${then} : ${this.print(node.otherwise, ternaryPrecedence)}`;
      }
      case 'field':
        return `${this.#object(node.object)}${node.arrow ? '->' : '.'}${node.field}`;
      case 'tuple-access':
        return `${this.#object(node.object)}.${node.index}`;
      case 'index':
        return `${this.#indexed(node.object)}[${this.print(node.index, ternaryPrecedence)}]`;
      case 'call':
        return `${node.callee}(${node.arguments.map((argument) => this.#argument(argument)).join(', ')})`;
      case 'cast':
        return `(${this.type(node.type)})${this.print(node.operand, unaryPrecedence)}`;
      case 'tuple': {
        const elements = node.elements.map((element) => this.print(element, ternaryPrecedence));
        return elements.length === 1 ? `(${elements.join('')},)` : `(${elements.join(', ')})`;
      }
      case 'record': {
        const fields = node.fields.map(
          (field) => `${field.name} = ${this.print(field.value, ternaryPrecedence)}`,
        );
        return `(${fields.join(', ')})`;
      }
      case 'if':
        return this.#if(node);
      case 'block-expression':
        return this.#printBlock(node.block, this.#level);
      case 'sizeof':
      case 'typeof':
      case 'typeinfo':
        return `${node.kind}(${this.#typeOrExpression(node.argument)})`;
      case 'offsetof':
        return `offsetof(${this.#typeOrExpression(node.argument)}, ${node.path.join('.')})`;
      case 'comptime':
        return `comptime ${this.print(node.expression, unaryPrecedence)}`;
    }
  }

  type(type: TypeName): string {
    if (typeof type.base !== 'string') return this.print(type.base, ternaryPrecedence);
    const tag = type.tag === undefined ? '' : `${type.tag} `;
    const suffixes = type.derivations.map((derivation) =>
      derivation.kind === 'pointer' ? '*' : `[${derivation.size ?? ''}]`,
    );
    const gap = suffixes[0] === '*' ? ' ' : '';
    return `${tag}${type.base}${gap}${suffixes.join('')}`;
  }

  /** A bare `typeof` is a type there, and one in parentheses an expression. */
  #argument(argument: Expression | TypeName): string {
    if (argument.kind === 'type-name') return this.type(argument);
    const text = this.print(argument, ternaryPrecedence);
    return argument.kind === 'typeof' ? `(${text})` : text;
  }

  /** Without parentheses, `sizeof(x[0])` would be the size of an array type `x[0]`. */
  #typeOrExpression(argument: Expression | TypeName): string {
    const text = this.#argument(argument);
    return argument.kind === 'index' ? `(${text})` : text;
  }

  /** Several keys are a tuple in the tree; a tuple of one or none is a key that was written as one. */
  #key(key: Expression): string {
    if (key.kind !== 'tuple' || key.elements.length < 2) return this.print(key, ternaryPrecedence);
    return key.elements.map((element) => this.print(element, ternaryPrecedence)).join(', ');
  }

  #object(object: Expression): string {
    return this.print(object, postfixPrecedence);
  }

  /** An index after a bare map is its key. */
  #indexed(object: Expression): string {
    const bare = object.kind === 'map' && object.key === undefined;
    return bare ? `(${object.name})` : this.#object(object);
  }

  /** `- -x` must not become `--x`. */
  #unary(node: Extract<Expression, { kind: 'unary' }>): string {
    const operand = this.print(node.operand, unaryPrecedence);
    const gap = node.operator === '-' && operand.startsWith('-') ? ' ' : '';
    return `${node.operator}${gap}${operand}`;
  }

  #if(node: If): string {
    const condition = this.print(node.condition, ternaryPrecedence);
    const head = `if ${node.comptime ? 'comptime ' : ''}(${condition})`;
    const then = this.#printBlock(node.then, this.#level);
    if (node.otherwise === undefined) return `${head} ${then}`;
    const otherwise =
      node.otherwise.kind === 'if'
        ? this.#if(node.otherwise)
        : this.#printBlock(node.otherwise, this.#level);
    return `${head} ${then} else ${otherwise}`;
  }
}

function precedenceOf(expression: Expression): number {
  switch (expression.kind) {
    case 'ternary':
    // Followed by an operator at the start of a statement, these would read as statements.
    case 'if':
    case 'block-expression':
      return ternaryPrecedence;
    case 'binary':
      return binaryPrecedence(expression.operator)?.precedence ?? ternaryPrecedence;
    case 'unary':
    case 'cast':
    case 'comptime':
      return unaryPrecedence;
    case 'increment':
      return expression.prefix ? unaryPrecedence : postfixPrecedence;
    case 'field':
    case 'tuple-access':
    case 'index':
      return postfixPrecedence;
    default:
      return primaryPrecedence;
  }
}
