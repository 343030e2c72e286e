/** How each probe of a program is lowered. */
import type { CheckedProbe } from '../analysis/checked-program.ts';

export interface ProbePlan {
  /** Programs of the kernel that its body is cut into. */
  readonly parts: number;
  /** Values are kept beside the stack wherever they can be. */
  readonly spareStack: boolean;
}

export type LoweringPlan = ReadonlyMap<CheckedProbe, ProbePlan>;

export function planOf(plan: LoweringPlan, probe: CheckedProbe): ProbePlan {
  return plan.get(probe) ?? { parts: 1, spareStack: false };
}
