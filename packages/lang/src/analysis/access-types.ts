/** What fields of structs and elements of arrays and tuples are. */
import {
  badIndexType,
  badTupleIndex,
  commonField,
  indexOutOfBounds,
  noFields,
  notAnArray,
  notATuple,
  unknownField,
  unknownStruct,
  unsizedElements,
} from '../diagnostics/messages/types.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { FieldAccess, IndexAccess, TupleAccess } from '../syntax/ast.ts';
import type { CTypes } from '../types/c-types.ts';
import { inSpace } from '../types/in-space.ts';
import { printType } from '../types/print-type.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Promotable } from '../types/promote.ts';
import { INT8 } from '../types/scalars.ts';
import type { Member, Type } from '../types/type.ts';
import { valueType } from './operator-types.ts';
import type { TypingContext } from './typing-context.ts';
import type { Report } from './operator-types.ts';

/** Fields that every tracepoint's record begins with. */
const COMMON_FIELDS: ReadonlySet<string> = new Set([
  'common_type',
  'common_flags',
  'common_preempt_count',
  'common_pid',
]);

/** Undefined where there is no such field; reported then. */
export function fieldType(
  node: FieldAccess,
  objectType: Type,
  types: CTypes,
  { target, report }: Pick<TypingContext, 'target' | 'report'>,
): Type | undefined {
  const { field, fieldSpan } = node;
  let type = objectType;
  while (type.kind === 'pointer') type = type.target;
  if (type.kind === 'record') {
    return findField(type.fields, 'Record', node, report);
  }
  if (type.kind !== 'struct') {
    report(noFields(node.span, field, printType(objectType)));
    return undefined;
  }
  const { struct } = type;
  if (struct.fields.length === 0 && struct.size === 0) {
    report(unknownStruct(node.span, struct.name, target.btf !== undefined));
    return undefined;
  }
  if (COMMON_FIELDS.has(field) && struct.name.startsWith('struct _tracepoint_')) {
    report(commonField(fieldSpan));
    return undefined;
  }
  const found = findField(struct.fields, `Struct/union of type '${struct.name}'`, node, report);
  const anywhere = objectType.kind === 'pointer' && objectType.space === 'either';
  return anywhere && found !== undefined ? inSpace(found, 'either', types) : found;
}

function findField(
  fields: readonly Member[],
  owner: string,
  { field, fieldSpan }: FieldAccess,
  report: Report,
): Type | undefined {
  const found = fields.find((candidate) => candidate.name === field);
  if (found !== undefined) return found.type;
  const near = suggest(
    field,
    fields.map((candidate) => candidate.name),
  );
  report(unknownField(fieldSpan, owner, field, near));
  return undefined;
}

export function tupleAccessType(node: TupleAccess, type: Type, report: Report): Type | undefined {
  if (type.kind !== 'tuple') {
    report(notATuple(node.span, node.index, printType(type)));
    return undefined;
  }
  const found = type.fields[node.index];
  if (found === undefined) report(badTupleIndex(node.span, node.index, type.fields.length));
  return found?.type;
}

export function indexType(
  node: IndexAccess,
  type: Type,
  index: Promotable | undefined,
  report: Report,
): Type | undefined {
  const literal = literalIndex(node);
  if (literal === undefined && index !== undefined) checkIndex(node, index, report);
  switch (type.kind) {
    case 'array':
      checkBounds(node, literal, type.length, report);
      return type.element;
    case 'pointer':
      if (sizeOfType(type.target) > 0) return type.target;
      report(unsizedElements(node.span));
      return undefined;
    case 'string':
      checkBounds(node, literal, type.size, report);
      return INT8;
    case 'tuple': {
      const found = literal === undefined ? undefined : type.fields[Number(literal)];
      if (found === undefined) {
        report(badTupleIndex(node.span, Number(literal ?? 0n), type.fields.length));
      }
      return found?.type;
    }
    default:
      report(notAnArray(node.span, printType(type)));
      return undefined;
  }
}

function literalIndex({ index }: IndexAccess): bigint | undefined {
  return index.kind === 'integer' && index.value >= 0n ? index.value : undefined;
}

/** Arrays of no known length have no bounds. */
function checkBounds(
  node: IndexAccess,
  index: bigint | undefined,
  length: number,
  report: Report,
): void {
  if (index === undefined || length === 0 || index < BigInt(length)) return;
  report(indexOutOfBounds(node.span, index, length));
}

function checkIndex(node: IndexAccess, { type, signFlexible }: Promotable, report: Report): void {
  const value = valueType(type);
  const unsigned = value.kind === 'integer' && (!value.signed || signFlexible === true);
  if (unsigned || (value.kind === 'enum' && !value.signed)) return;
  report(badIndexType(node.span, printType(value)));
}
