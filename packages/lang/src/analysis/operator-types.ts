/** What operators give for operands of given types, and what they refuse. */
import { aggregationValue, isAggregation } from '../builtins/aggregations.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import {
  badArrayOperands,
  badOperand,
  badOperands,
  comparisonMismatch,
  distinctPointers,
  doubtfulCast,
  notAPointer,
} from '../diagnostics/messages/types.ts';
import type { Binary, IncrementDecrement, Unary } from '../syntax/ast.ts';
import type { BinaryOperator } from '../syntax/operators.ts';
import { printType } from '../types/print-type.ts';
import { castImplicitly } from '../types/implicit-cast.ts';
import { comparable, promoteFlexible, sameType, type Promotable } from '../types/promote.ts';
import { BOOLEAN, INT64, UINT64 } from '../types/scalars.ts';
import type { ArrayType, IntegerType } from '../types/scalars.ts';
import type { AddressSpace, Type } from '../types/type.ts';

export type Report = (diagnostic: Diagnostic) => void;

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const LOGICAL: ReadonlySet<BinaryOperator> = new Set(['&&', '||']);

/** The type of a value in arithmetic: an aggregation counts as the integer it reads as. */
export function valueType(type: Type): Type {
  return isAggregation(type) ? (aggregationValue(type) ?? type) : type;
}

export function isNumeric(type: Type): boolean {
  return type.kind === 'integer' || type.kind === 'boolean' || type.kind === 'enum';
}

export function binaryType(
  node: Binary,
  leftOperand: Promotable,
  rightOperand: Promotable,
  report: Report,
): Type {
  const [left, right] = [valueType(leftOperand.type), valueType(rightOperand.type)];
  const boolean = COMPARISONS.has(node.operator) || LOGICAL.has(node.operator);
  if (left.kind === 'pointer' || right.kind === 'pointer') {
    return pointerBinary(node, left, right, report);
  }
  if (isNumeric(left) && isNumeric(right)) {
    if (LOGICAL.has(node.operator)) return BOOLEAN;
    if (boolean) {
      doubtComparison(node, leftOperand, rightOperand, report);
      return BOOLEAN;
    }
    const type = arithmeticType(node, leftOperand, rightOperand);
    // Nearly each program takes the difference of two times.
    if (node.operator !== '-') doubtOperands(node, leftOperand, rightOperand, type, report);
    return inOneSpace(node, type, left, right);
  }
  if (left.kind === 'array' && right.kind === 'array') {
    for (const fault of arrayFaults(node.operator, left, right)) {
      report(badArrayOperands(node.span, fault));
    }
    return BOOLEAN;
  }
  if (LOGICAL.has(node.operator) || !comparable(left, right)) {
    report(mismatch(node, left, right));
  } else if ((node.operator !== '==' && node.operator !== '!=') || left.kind === 'struct') {
    report(badOperands(node.span, node.operator, printType(left), printType(right)));
  } else if (left.kind === 'tuple' || left.kind === 'record') {
    doubtComparison(node, leftOperand, rightOperand, report);
  }
  return boolean ? BOOLEAN : INT64;
}

/** Arrays of numbers are compared as a whole. */
function arrayFaults(operator: BinaryOperator, left: ArrayType, right: ArrayType): string[] {
  const faults: string[] = [];
  if (operator !== '==' && operator !== '!=') {
    faults.push(`The ${operator} operator cannot be used on arrays.`);
  }
  if (left.length !== right.length) {
    faults.push('Only arrays of same size support comparison operators.');
  }
  if (left.element.kind !== 'integer' || !sameType(left, right)) {
    faults.push('Only arrays of same sized integer support comparison operators.');
  }
  return faults;
}

/** Always 64 bits; signed if an operand is, after literals took the other's sign; differences are signed. */
function arithmeticType(node: Binary, left: Promotable, right: Promotable): IntegerType {
  if (node.operator === '-') return INT64;
  const [leftSigned, rightSigned] = [
    isSigned(valueType(left.type)),
    isSigned(valueType(right.type)),
  ];
  const [leftFlexible, rightFlexible] = [left.signFlexible === true, right.signFlexible === true];
  if (leftFlexible && !rightFlexible) return rightSigned ? INT64 : UINT64;
  if (rightFlexible && !leftFlexible) return leftSigned ? INT64 : UINT64;
  return leftSigned || rightSigned ? INT64 : UINT64;
}

/** An address that is kept as a number stays one as it is moved: that of a struct around a member, say. */
function inOneSpace({ operator }: Binary, type: IntegerType, left: Type, right: Type): Type {
  if (operator !== '+' && operator !== '-') return type;
  const [from, by] = [spaceOfNumber(left), spaceOfNumber(right)];
  const space = by === undefined ? from : operator === '+' && from === undefined ? by : undefined;
  return space === undefined ? type : { ...type, space };
}

function spaceOfNumber(type: Type): AddressSpace | undefined {
  return type.kind === 'integer' ? type.space : undefined;
}

function isSigned(type: Type): boolean {
  return (type.kind === 'integer' || type.kind === 'enum') && type.signed;
}

/** Both become what holds both, which 64 bits of different signs do not. */
function doubtComparison(node: Binary, left: Promotable, right: Promotable, report: Report): void {
  const [leftValue, rightValue] = [valueOf(left), valueOf(right)];
  const common = promoteFlexible(leftValue, rightValue);
  if (common !== undefined) doubtOperands(node, left, right, common, report);
}

function doubtOperands(
  node: Binary,
  left: Promotable,
  right: Promotable,
  to: Type,
  report: Report,
): void {
  for (const [operand, given] of [
    [node.left, left],
    [node.right, right],
  ] as const) {
    // What is read of an aggregation is counted in the way that is wanted.
    if (isAggregation(given.type)) continue;
    castImplicitly(operand, given, to, (span, from, target) => {
      report(doubtfulCast(span, printType(from), printType(target)));
    });
  }
}

function valueOf(operand: Promotable): Promotable {
  return { ...operand, type: valueType(operand.type) };
}

function mismatch(node: Binary, left: Type, right: Type): Diagnostic {
  return comparisonMismatch(
    node.span,
    node.operator,
    { span: node.left.span, type: printType(left) },
    { span: node.right.span, type: printType(right) },
  );
}

function pointerBinary(node: Binary, left: Type, right: Type, report: Report): Type {
  const { operator } = node;
  if (LOGICAL.has(operator)) return BOOLEAN;
  const comparison = COMPARISONS.has(operator);
  if (left.kind === 'pointer' && right.kind === 'pointer') {
    if (comparison) {
      if (!sameType(left.target, right.target)) {
        report(
          distinctPointers(
            node.span,
            { span: node.left.span, type: printType(left.target) },
            { span: node.right.span, type: printType(right.target) },
          ),
        );
      }
      return BOOLEAN;
    }
  } else if (isNumeric(left) || isNumeric(right)) {
    if (comparison) return BOOLEAN;
    if (operator === '+') return left.kind === 'pointer' ? left : right;
    if (operator === '-' && left.kind === 'pointer') return left;
  }
  report(badOperands(node.span, operator, printType(left), printType(right)));
  return comparison ? BOOLEAN : UINT64;
}

export function unaryType(node: Unary, operand: Type, report: Report): Type {
  const type = valueType(operand);
  switch (node.operator) {
    case '!':
      if (!isNumeric(type) && type.kind !== 'pointer') break;
      return BOOLEAN;
    case '-':
    case '~':
      if (type.kind !== 'integer' && type.kind !== 'enum') break;
      return isSigned(type) || node.operator === '-' ? INT64 : UINT64;
    case '*':
      if (type.kind === 'pointer') return type.target;
      // `*args` is `args`, and an integer is taken for the address of a u64.
      if (type.kind === 'struct' && node.operand.kind === 'identifier') return type;
      if (type.kind === 'integer') return UINT64;
      report(notAPointer(node.span, printType(type), type.kind === 'struct'));
      return UINT64;
    case '&':
      return UINT64;
  }
  report(badOperand(node.span, node.operator, printType(type)));
  return node.operator === '!' ? BOOLEAN : INT64;
}

/** What `++` and `--` leave behind; a variable or map that was never assigned starts at 0. */
export function incrementType(
  node: IncrementDecrement,
  target: Type | undefined,
  report: Report,
): Type {
  if (target === undefined) return node.operator === '--' ? INT64 : UINT64;
  if (target.kind === 'pointer') return target;
  if (target.kind === 'integer') return isSigned(target) || node.operator === '--' ? INT64 : UINT64;
  report(badOperand(node.span, node.operator, printType(target)));
  return target;
}

export function isCondition(type: Type): boolean {
  const value = valueType(type);
  return isNumeric(value) || value.kind === 'pointer';
}
