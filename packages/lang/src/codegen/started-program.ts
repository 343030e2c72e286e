/** A program of our own that notes when the session began, run before any probe is attached. */
import type { CheckedProgram } from '../analysis/checked-program.ts';
import type { ProbeProgram } from '../session-spec.ts';
import { emitProgram } from './emit-program.ts';
import { IrBuilder } from './ir-builder.ts';
import { pointing } from './memory.ts';
import type { SessionPlan } from './session-plan.ts';

export function startedProgram(program: CheckedProgram, session: SessionPlan): ProbeProgram {
  const b = new IrBuilder();
  const now = b.call('ktime_get_boot_ns');
  b.store(8, pointing(b.mapValue(session.startedMap)), now);
  const ir = b.finish(() => {
    b.return(0n);
  });
  const { instructions } = emitProgram(ir);
  return {
    program: {
      name: 'started',
      type: 'raw_tracepoint',
      instructions,
      license: program.config.license,
    },
    attach: { kind: 'begin' },
    probe: '',
    probes: 0,
  };
}
