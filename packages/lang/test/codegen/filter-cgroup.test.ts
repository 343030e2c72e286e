/** Which programs ask for the control group of the current process. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HELPERS } from '@bpfleet/bpf/asm';
import { compile } from '../../src/compile.ts';
import { KERNEL_MAPS, MAX_CGROUP_LEVEL } from '../../src/session-spec.ts';
import { Source } from '../../src/source.ts';
import { withKprobes } from '../targets/targets.ts';

const TEXT =
  'BEGIN { @b = 1; } interval:s:1 { @i = count(); } profile:hz:99 { @p = count(); } END { @e = 1; }';

/** How often each program asks, by its attachment. */
function asks(cgroupFilter: boolean): Readonly<Record<string, number>> {
  const target = cgroupFilter ? { ...withKprobes, cgroupFilter: true as const } : withKprobes;
  const compiled = compile(new Source('stdin', TEXT), target, {
    parameters: [],
    environment: {},
    unsafe: false,
  });
  assert(compiled.ok);
  assert.equal(
    compiled.spec.maps.some(({ name }) => name === KERNEL_MAPS.cgroups),
    cgroupFilter,
  );
  return Object.fromEntries(
    compiled.spec.programs.map(({ probe, program }) => [
      probe,
      program.instructions.filter(
        ({ opcode, imm }) =>
          opcode === 0x85 && Number(imm) === HELPERS.get_current_ancestor_cgroup_id,
      ).length,
    ]),
  );
}

suite('the filter of control groups', () => {
  test('is in programs that run for a process, and in no other', () => {
    assert.deepEqual(asks(true), {
      begin: 0,
      'interval:s:1': 0,
      'profile:hz:99': MAX_CGROUP_LEVEL,
      end: 0,
    });
  });

  test('is nowhere without one', () => {
    assert.deepEqual(Object.values(asks(false)), [0, 0, 0, 0]);
  });
});
