/** Whether this machine would run a program: compiles it, has the kernel load it, and unloads it; nothing is attached. */
import { renderDiagnostics, Source } from '@bpfleet/lang';
import type { HostVerdict } from '@bpfleet/protocol';
import { messageOf } from '../message-of.ts';
import { requirePrivileges } from '../privileges.ts';
import { compileForMachine, type ProgramRequest } from '../target/compile-for-machine.ts';
import { PolicyGuard } from '../policy/policy-guard.ts';
import type { Policy } from '../policy/policy.ts';
import type { Machine } from '../target/machine.ts';
import { KernelObjects } from './kernel-objects.ts';
import { ProgramRefusedError } from './program-refused-error.ts';

type Verdict = HostVerdict extends infer V
  ? V extends HostVerdict
    ? Omit<V, 'host'>
    : never
  : never;

/** Never throws. */
export function checkProgram(machine: Machine, request: ProgramRequest, policy?: Policy): Verdict {
  try {
    const guard = policy === undefined ? undefined : new PolicyGuard(policy, machine);
    guard?.admit(request);
    const compiled = compileForMachine(machine, request);
    const findings = renderDiagnostics(compiled.diagnostics);
    if (!compiled.ok) return { verdict: 'refused', message: findings };
    requirePrivileges();
    const checked = guard?.apply(compiled.spec);
    KernelObjects.load(compiled.spec, { ...machine.sessionMachine, ...checked }).dispose();
    const probes = compiled.spec.programs.reduce((sum, one) => sum + one.probes, 0);
    return { verdict: 'loads', probes, warnings: findings };
  } catch (error) {
    if (!(error instanceof ProgramRefusedError)) {
      return { verdict: 'failed', message: messageOf(error) };
    }
    return { verdict: 'refused', message: error.render(new Source(request.name, request.text)) };
  }
}
