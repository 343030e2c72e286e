/**
 * A checked program to a session spec that the kernel has room for: what turns out to be too much for one of its programs is
 * lowered once more, in parts or with less on the stack.
 */
import type { CheckedProbe, CheckedProgram } from '../analysis/checked-program.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { AttachSpec, SessionSpec } from '../session-spec.ts';
import { isReentrant } from './claim-scratch.ts';
import { generate, type Excess } from './generate.ts';
import { lower, type LoweredProgram } from './lower.ts';
import { planOf, type ProbePlan } from './lowering-plan.ts';
import { MAX_PARTS, splitBody } from './split-body.ts';

export type Fitted =
  | { readonly ok: true; readonly lowered: LoweredProgram; readonly spec: SessionSpec }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Each probe is planned anew a few times at most: for its stack, and for ever more parts. */
const MAX_ROUNDS = 6;

export function fitKernel(program: CheckedProgram): Fitted {
  const plan = new Map<CheckedProbe, ProbePlan>();
  for (let round = 1; ; round++) {
    const lowered = lower(program, plan);
    if (!lowered.ok) return lowered;
    const generated = generate(program, lowered.made);
    const changed = round < MAX_ROUNDS && changePlan(plan, generated.excesses);
    if (changed) continue;
    if (!generated.ok) return generated;
    return { ok: true, lowered: lowered.made, spec: generated.made };
  }
}

/** Whether there is anything to try. */
function changePlan(plan: Map<CheckedProbe, ProbePlan>, excesses: readonly Excess[]): boolean {
  let changed = false;
  for (const { probe, stack, share } of excesses) {
    const before = planOf(plan, probe);
    const parts =
      mayBeSplit(probe) && share > 1 ? moreParts(probe, before.parts, share) : before.parts;
    const spareStack = before.spareStack || stack;
    if (parts === before.parts && spareStack === before.spareStack) continue;
    plan.set(probe, { parts, spareStack });
    changed = true;
  }
  return changed;
}

/** `share`: how many times as much as there is room for the largest part has. */
function moreParts({ body }: CheckedProbe, before: number, share: number): number {
  const wanted = Math.min(MAX_PARTS, Math.max(before + 1, Math.ceil(before * share * 1.1)));
  return splitBody(body, wanted).length;
}

/**
 * What a run keeps for itself must be found again by the next part. A program that may be entered while it runs has one of
 * several places for it, and the next part does not know which.
 */
function mayBeSplit(probe: CheckedProbe): boolean {
  if (probe.session !== undefined || UNSPLIT.has(probe.attach.kind)) return false;
  return !isReentrant(probe) || probe.variables.size === 0;
}

/** Tests and benchmarks give a result, iterators run inside a lock of the kernel. */
const UNSPLIT: ReadonlySet<AttachSpec['kind']> = new Set(['test', 'bench', 'iter']);
