/**
 * What a program asks of types becomes a literal once they are known: `sizeof`, `offsetof`, `typeinfo`, `is_scalar`. With those, more
 * constants can be folded and more of `if comptime` decided, which gives other types again.
 */
import type { AnyNode, Expression, TypeInfo, TypeName } from '../syntax/ast.ts';
import type { Span } from '../source.ts';
import { rewrite, walk } from '../syntax/visit.ts';
import { printKind, printType } from '../types/print-type.ts';
import type { Type } from '../types/type.ts';
import type { BoundProbe } from './bind-probes.ts';
import { sizeLiteral } from './fold-constants.ts';
import { integer } from './fold-operators.ts';
import type { TypedProgram } from './infer-types.ts';
import type { TypeLocks } from './type-locks.ts';

/** The bodies with what is known filled in, or undefined if nothing is new. The types asked for are locked. */
export function foldIntrospection(
  typed: TypedProgram,
  locks: TypeLocks,
): readonly BoundProbe[] | undefined {
  const { probes, introspected } = typed;
  const folded = probes.map(({ bound }, index) => {
    const body = rewrite(bound.body, (node): AnyNode => {
      switch (node.kind) {
        case 'sizeof':
        case 'offsetof':
        case 'typeinfo': {
          const type = introspected.get(node.argument);
          if (type === undefined) return node;
          lock(node.argument, index, typed, locks);
          return node.kind === 'typeinfo'
            ? typeRecord(node, type)
            : (sizeLiteral(node, type) ?? node);
        }
        case 'call':
          return node.callee === 'is_scalar' ? foldIsScalar(node, typed) : node;
        default:
          return node;
      }
    });
    return { ...bound, body };
  });
  const changed = folded.some(({ body }, index) => body !== probes[index]?.bound.body);
  return changed ? folded : undefined;
}

function typeRecord({ span }: TypeInfo, type: Type): Expression {
  const field = (
    name: string,
    value: Expression,
  ): { name: string; span: Span; value: Expression } => ({ name, span, value });
  return {
    kind: 'record',
    span,
    fields: [
      field('btf_id', integer(span, 0n)),
      field('base_type', { kind: 'string', span, value: printKind(type) }),
      field('full_type', { kind: 'string', span, value: printType(type) }),
    ],
  };
}

function foldIsScalar(node: Extract<AnyNode, { kind: 'call' }>, { maps }: TypedProgram): AnyNode {
  const [map] = node.arguments;
  const keyed = map?.kind === 'map' ? maps.states.get(map.name)?.keyed : undefined;
  return keyed === undefined ? node : { kind: 'boolean', span: node.span, value: !keyed };
}

function lock(
  argument: Expression | TypeName,
  probe: number,
  { probes, maps }: TypedProgram,
  locks: TypeLocks,
): void {
  walk(argument, {
    enter: (node) => {
      if (node.kind === 'variable') {
        const type = probes[probe]?.variables.get(node.name);
        if (type !== undefined) locks.lockVariable(probe, node.name, { type });
      } else if (node.kind === 'map') {
        const state = maps.states.get(node.name);
        if (state !== undefined) locks.lockMap(state);
      }
    },
  });
}

/** The first thing that was to be known while compiling, and is not. */
export function unresolvedComptimes({ body }: BoundProbe): readonly Span[] {
  const found: Span[] = [];
  walk(body, {
    enter: (node) => {
      if (node.kind === 'comptime') found.push(node.span);
      if (node.kind === 'if' && node.comptime) found.push(node.comptimeSpan ?? node.condition.span);
    },
  });
  return found;
}
