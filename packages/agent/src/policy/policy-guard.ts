/** Holds one session to its node's policy: before it is compiled, and before it reaches the kernel. */
import type { SessionSpec } from '@bpfleet/lang';
import type { Machine } from '../target/machine.ts';
import { ExcludedCgroups } from './excluded-cgroups.ts';
import { judgeSession, judgeUnsafe } from './judge-session.ts';
import { PolicyError } from './policy-error.ts';
import type { Policy } from './policy.ts';
import { functionStart, sameFunctions } from './same-functions.ts';

/** What the policy does to a session that it allows. */
export interface PolicyTerms {
  readonly excluded?: ExcludedCgroups;
}

export class PolicyGuard {
  readonly #policy: Policy;
  readonly #machine: Machine;

  constructor(policy: Policy, machine: Machine) {
    this.#policy = policy;
    this.#machine = machine;
  }

  /** Throws PolicyError, before any of the program is looked at. */
  admit({ unsafe }: { readonly unsafe: boolean }): void {
    const refusal = judgeUnsafe(this.#policy, unsafe);
    if (refusal !== undefined) throw new PolicyError(refusal);
  }

  /** Throws PolicyError. */
  apply(spec: SessionSpec): PolicyTerms {
    const machine = this.#machine;
    const refusal = judgeSession(this.#policy, spec, {
      functionsMatching: (matches) => sameFunctions(machine.kallsyms, matches),
      startOf: (address) => functionStart(machine.kallsyms, address),
    });
    if (refusal !== undefined) throw new PolicyError(refusal);
    const { cgroups } = this.#policy;
    return cgroups.length === 0 ? {} : { excluded: new ExcludedCgroups(cgroups) };
  }
}
