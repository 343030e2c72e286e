/** One program for many attach points: where it is made, and where each has its own. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Target } from '../../src/target.ts';
import { withKprobes } from '../targets/targets.ts';
import { Source } from '../../src/source.ts';
import { compile } from '../../src/compile.ts';
import type { SessionSpec } from '../../src/session-spec.ts';

const NAMES = Array.from({ length: 9 }, (_, index) => `vfs_${index}`);

const target: Target = {
  ...withKprobes,
  features: { ...withKprobes.features, kprobeMulti: false, uprobeMulti: false },
  probes: {
    'kprobe:vfs_*': {
      kind: 'found',
      probes: NAMES.map((name) => ({ kind: 'kprobe', function: name })),
    },
    'uprobe:/bin/*:f*': {
      kind: 'found',
      probes: ['/bin/a', '/bin/b'].flatMap((path) =>
        NAMES.map((symbol, index) => ({ kind: 'uprobe', path, symbol, fileOffset: 16 * index })),
      ),
    },
  },
};

function compiled(text: string, on: Target = target): SessionSpec {
  const options = { parameters: [], environment: {}, unsafe: false };
  const result = compile(new Source('stdin', text), on, options);
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.spec;
}

suite('programs of many attach points', () => {
  test('are one where the kernel has no multi links', () => {
    const spec = compiled('kprobe:vfs_* { @[func] = count(); }');
    assert.deepEqual(
      spec.programs.map(({ attach, probes }) => [attach, probes]),
      [
        [
          {
            kind: 'each',
            places: NAMES.map((name) => ({
              probe: `kprobe:${name}`,
              attach: { kind: 'kprobe', function: name, offset: 0, returns: false },
            })),
          },
          NAMES.length,
        ],
      ],
    );
    assert.deepEqual(spec.choices, ['kprobe: 9 probes one by one: no multi links in this kernel']);
    const features = { ...target.features, switchedOff: ['kprobeMulti'] };
    assert.deepEqual(compiled('kprobe:vfs_* { @ = count(); }', { ...target, features }).choices, [
      'kprobe: 9 probes one by one: no multi links (switched off)',
    ]);
  });

  test('are one for each file', () => {
    const spec = compiled('uprobe:/bin/*:f* { @ = count(); }');
    assert.deepEqual(
      spec.programs.map(({ attach }) => (attach.kind === 'each' ? attach.places.length : 0)),
      [9, 9],
    );
  });

  test('tell them apart by the cookies of their attachments where names are used', () => {
    for (const body of [
      '@[probe] = count();',
      '@[probe, pid] = count(); @last[0] = probe; if (probe == "kprobe:vfs_1") { printf("%s", probe); }',
    ]) {
      const [only, ...others] = compiled(`kprobe:vfs_* { ${body} }`).programs;
      assert.deepEqual(others, []);
      assert.equal(only?.attach.kind, 'each');
      assert.equal(only?.cookies, true);
    }
  });

  test('are as many as the attach points where a name must be known before', () => {
    for (const body of [
      '$size = sizeof(probe);',
      'if comptime (probe == "kprobe:vfs_1") { @ = 1; }',
      'printf(probe);',
    ]) {
      assert.equal(compiled(`kprobe:vfs_* { ${body} }`).programs.length, NAMES.length, body);
    }
  });

  test('are as many as the attach points where names are used and there are no cookies', () => {
    const features = { ...target.features, attachCookie: false };
    const spec = compiled('kprobe:vfs_* { @[probe] = count(); }', { ...target, features });
    assert.equal(spec.programs.length, NAMES.length);
    const withMulti = { ...target, features: { ...features, kprobeMulti: true } };
    assert.deepEqual(compiled('kprobe:vfs_* { @[probe] = count(); }', withMulti).choices, [
      "kprobe: 9 probes one by one: each has its own 'probe', and no cookies of attachments in this kernel",
    ]);
  });

  test('go by one multi link with their names', () => {
    const features = { ...target.features, kprobeMulti: true, uprobeMulti: true };
    const spec = compiled('kprobe:vfs_*, uprobe:/bin/*:f* { @[probe] = count(); }', {
      ...target,
      features,
    });
    assert.deepEqual(
      spec.programs.map(({ attach, cookies }) => [attach.kind, cookies]),
      [
        ['kprobe-multi', true],
        ['uprobe-multi', true],
        ['uprobe-multi', true],
      ],
    );
  });

  test('have the name that an attach point was given', () => {
    const [only] = compiled('here=kprobe:vfs_* { @[probe] = count(); }').programs;
    assert.equal(only?.cookies, undefined);
    assert.equal(only?.probe, 'here');
  });
});
