/** The program's maps as they will be made: types, sizes, declared kinds, and what their keys mean to the fleet. */
import { isAggregation } from '../builtins/aggregations.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { valueTooLarge } from '../diagnostics/messages/limits.ts';
import { mapTypeMismatch, unknownMapType, unusedMap } from '../diagnostics/messages/maps.ts';
import type { MapDeclaration, Program } from '../syntax/ast.ts';
import { MAX_STRUCT_PARTS, partsOf } from '../types/parts-of.ts';
import { walk } from '../syntax/visit.ts';
import type { MapPlan } from './checked-program.ts';
import type { Config } from './config.ts';
import type { TypedProgram } from './infer-types.ts';
import type { MapState } from './map-types.ts';
import type { HostLocality } from './provenance.ts';

const DECLARED_TYPES = ['hash', 'lruhash', 'percpuhash', 'percpulruhash'] as const;
type DeclaredType = (typeof DECLARED_TYPES)[number];

export function planMaps(
  program: Program,
  typed: TypedProgram,
  locality: HostLocality,
  config: Config,
  diagnostics: Diagnostics,
): ReadonlyMap<string, MapPlan> {
  const plans = new Map<string, MapPlan>();
  for (const state of typed.maps.states.values()) {
    const plan = planMap(state, locality, config);
    if (plan === undefined) continue;
    if (isDescribed(plan)) plans.set(state.name, plan);
    else refuseParts(plan, program, diagnostics);
  }
  for (const item of program.items) {
    if (item.kind === 'map-declaration') applyDeclaration(item, plans, diagnostics);
  }
  return plans;
}

function isDescribed({ key, value }: MapPlan): boolean {
  return [key ?? value, value].every((type) => partsOf(type) <= MAX_STRUCT_PARTS);
}

function refuseParts({ name }: MapPlan, program: Program, diagnostics: Diagnostics): void {
  let refused = false;
  walk(program, {
    enter: (node) => {
      if (refused || node.kind !== 'map' || node.name !== name) return;
      refused = true;
      diagnostics.add(valueTooLarge(node.span, `${name} with a struct`, MAX_STRUCT_PARTS));
    },
  });
}

function planMap(state: MapState, locality: HostLocality, config: Config): MapPlan | undefined {
  const { name, value } = state;
  if (value === undefined) return undefined;
  const key = state.keyed === true ? state.key?.type : undefined;
  const hostLocal =
    locality.keys.has(name) || (!isAggregation(value.type) && locality.values.has(name));
  return {
    name,
    key,
    value: value.type,
    maxEntries: key === undefined ? 1 : config.maxMapKeys,
    hostLocal,
  };
}

function applyDeclaration(
  { map, mapType, mapTypeSpan, maxEntries, span }: MapDeclaration,
  plans: Map<string, MapPlan>,
  diagnostics: Diagnostics,
): void {
  if (!isDeclaredType(mapType)) {
    diagnostics.add(unknownMapType(mapTypeSpan, mapType, DECLARED_TYPES));
    return;
  }
  const plan = plans.get(map.name);
  if (plan === undefined) {
    diagnostics.add(unusedMap(span, map.name));
    return;
  }
  const perCpu = isAggregation(plan.value);
  if (mapType.startsWith('percpu') !== perCpu) {
    diagnostics.add(mapTypeMismatch(span, mapType, perCpu ? 'percpuhash' : 'hash'));
    return;
  }
  plans.set(map.name, { ...plan, declaredType: mapType, maxEntries: Number(maxEntries) });
}

function isDeclaredType(name: string): name is DeclaredType {
  return DECLARED_TYPES.some((type) => type === name);
}
