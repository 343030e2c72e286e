/**
 * Types, and all that depends on them while compiling, in turn: each round infers the types of what is left, fills in what the
 * program asks of them, and decides the branches of `if comptime` that can be decided.
 */
import { Diagnostics } from '../diagnostics/diagnostic.ts';
import { unresolvedComptime } from '../diagnostics/messages/constants.ts';
import type { BoundProbe } from './bind-probes.ts';
import { foldConstants } from './fold-constants.ts';
import { foldIntrospection, unresolvedComptimes } from './fold-introspection.ts';
import { inferTypes } from './infer-types.ts';
import type { TypedProgram, TypeSettings } from './infer-types.ts';
import { TypeLocks } from './type-locks.ts';

/** Each round folds something, so there is an end; this is for programs that nobody would wait for. */
const MAX_ROUNDS = 50;

export function resolveTypes(
  bodies: readonly BoundProbe[],
  settings: TypeSettings,
  diagnostics: Diagnostics,
): TypedProgram {
  const locks = new TypeLocks();
  let probes = bodies;
  let settled = !bodies.some((probe) => unresolvedComptimes(probe).length > 0);
  for (let round = 1; ; round++) {
    const found = new Diagnostics();
    const typed = inferTypes(probes, settings, found, { locks, settle: settled });
    const folded = round < MAX_ROUNDS ? foldIntrospection(typed, locks) : undefined;
    if (folded !== undefined) {
      const { config, target, typesOf } = settings;
      probes = folded.map((probe) =>
        foldConstants(probe, { config, target, types: typesOf(probe.draft) }, diagnostics),
      );
      continue;
    }
    const open = typed.probes.flatMap(({ bound }) => unresolvedComptimes(bound));
    // Variables that nothing is known of are zero; that must not decide what is compiled.
    if (open.length === 0 && !settled) {
      settled = true;
      continue;
    }
    for (const one of found.items) diagnostics.add(one);
    if (!found.failed) for (const span of open) diagnostics.add(unresolvedComptime(span));
    return typed;
  }
}
