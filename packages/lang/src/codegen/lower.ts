/** A checked program to the intermediate representation: each probe to one kernel program, or to several. */
import type { CheckedProbe, CheckedProgram } from '../analysis/checked-program.ts';
import { Diagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { attempt } from './codegen-fault.ts';
import type { IrProgram } from './ir.ts';
import { lowerProbe } from './lower-probe.ts';
import { planOf, type LoweringPlan } from './lowering-plan.ts';
import { SessionPlan } from './session-plan.ts';
import { splitBody } from './split-body.ts';

export interface LoweredProbe {
  readonly probe: CheckedProbe;
  readonly ir: IrProgram;
  /** Further parts of its body, and the table by which they are reached. */
  readonly rest?: { readonly table: string; readonly parts: readonly IrProgram[] };
}

export interface LoweredProgram {
  readonly programs: readonly LoweredProbe[];
  readonly session: SessionPlan;
}

export type LowerResult<Made> =
  | { readonly ok: true; readonly made: Made }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function lower(program: CheckedProgram, plan: LoweringPlan): LowerResult<LoweredProgram> {
  const lowered = lowerIn(program, plan, new SessionPlan(program));
  if (!lowered.ok || !lowered.made.session.exceedsScratch) return lowered;
  return lowerIn(program, plan, new SessionPlan(program, 'array'));
}

function lowerIn(
  program: CheckedProgram,
  plan: LoweringPlan,
  session: SessionPlan,
): LowerResult<LoweredProgram> {
  const diagnostics = new Diagnostics();
  const programs = program.probes.flatMap((probe) => {
    const { parts, spareStack } = planOf(plan, probe);
    const made = attempt(diagnostics, () =>
      splitBody(probe.body, parts).map((part) =>
        lowerProbe(program, probe, session, { part, spareStack }),
      ),
    );
    const [ir, ...others] = made ?? [];
    if (ir === undefined) return [];
    if (others.length === 0) return [{ probe, ir }];
    return [{ probe, ir, rest: { table: session.partTable(probe, parts), parts: others } }];
  });
  if (diagnostics.failed) return { ok: false, diagnostics: diagnostics.items };
  return { ok: true, made: { programs, session } };
}
