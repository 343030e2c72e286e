/** A kprobe and a kretprobe as one program, where the kernel has sessions. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assemble, UNRESOLVED } from '@bpfleet/bpf/asm';
import { compile } from '../../src/compile.ts';
import type { ProbeProgram } from '../../src/session-spec.ts';
import { Source } from '../../src/source.ts';
import type { Target } from '../../src/target.ts';
import { withKprobes } from '../targets/targets.ts';

const functions = ['vfs_read', 'vfs_write'];

function found(provider: string, ...names: readonly string[]): Target['probes'] {
  const probes = names.map((name) => ({ kind: 'kprobe', function: name }) as const);
  const written = names.length > 1 ? 'vfs_*' : (names[0] ?? '');
  return { [`${provider}:${written}`]: { kind: 'found', probes } };
}

const target: Target = {
  ...withKprobes,
  features: { ...withKprobes.features, kprobeMulti: true, kprobeSession: true },
  probes: Object.assign(
    {},
    ...['kprobe', 'kretprobe'].flatMap((provider) => [
      found(provider, ...functions),
      ...functions.map((name) => found(provider, name)),
    ]),
  ) as Target['probes'],
};

function programsOf(text: string, on: Target = target): readonly ProbeProgram[] {
  const options = { parameters: [], environment: {}, unsafe: false };
  const result = compile(new Source('stdin', text), on, options);
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.spec.programs;
}

suite('sessions', () => {
  test('join a kprobe and the kretprobe of the same function', () => {
    const [both, ...none] = programsOf(
      'kprobe:vfs_read { @[arg0] = count(); } kretprobe:vfs_read { @r = retval; }',
    );
    assert.deepEqual(none, []);
    assert.deepEqual(both?.attach, { kind: 'kprobe-session', functions: ['vfs_read'] });
    assert.equal(both.program.multi, 'kprobe-session');
    assert.equal(both.probe, 'kprobe:vfs_read');
    assert.equal(both.probes, 1);
    const kfuncs = both.program.instructions.flatMap(({ kfunc }) => kfunc ?? []);
    assert.deepEqual(kfuncs, ['bpf_session_is_return']);
  });

  test('join those of one wildcard, loops, strings and functions of their own included', () => {
    const body = 'for $i : 0..100 { @s[str_concat(comm, "x")] = $i; } $n = twice(4); print($n);';
    const [both, ...none] = programsOf(
      `fn twice($n : int64) : int64 { return $n * 2; } kretprobe:vfs_* { ${body} } kprobe:vfs_* { ${body} }`,
    );
    assert.deepEqual(none, []);
    assert.deepEqual(both?.attach, { kind: 'kprobe-session', functions });
    assert.equal(both.probes, 2);
    assert.ok(assemble(both.program.instructions, UNRESOLVED).bytes.length > 0);
  });

  test('tell the functions apart where names are asked for', () => {
    for (const text of [
      'kprobe:vfs_* { @a = probe; } kretprobe:vfs_* { @b = 1; }',
      'kprobe:vfs_* { @a = 1; } kretprobe:vfs_* { @b = probe; }',
    ]) {
      const [both, ...none] = programsOf(text);
      assert.deepEqual(none, []);
      assert.equal(both?.cookies, true);
    }
  });

  test('leave apart what is not a pair, or has a kernel without', () => {
    const pair = 'kprobe:vfs_read { @a = 1; } kretprobe:vfs_read { @b = 1; }';
    const counts = [
      'kprobe:vfs_read { @a = 1; } kretprobe:vfs_write { @b = 1; }',
      `${pair} kretprobe:vfs_read { @c = 1; }`,
      'kprobe:vfs_read, kprobe:vfs_write { @a = 1; } kretprobe:vfs_read { @b = 1; }',
    ].map((text) => programsOf(text).length);
    assert.deepEqual(counts, [2, 3, 3]);
    const without = { ...target, features: { ...target.features, kprobeSession: false } };
    assert.equal(programsOf(pair, without).length, 2);
  });
});
