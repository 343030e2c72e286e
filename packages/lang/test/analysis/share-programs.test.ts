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

function compiled(text: string): SessionSpec {
  const options = { parameters: [], environment: {}, unsafe: false };
  const result = compile(new Source('stdin', text), target, options);
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
  });

  test('are one for each file', () => {
    const spec = compiled('uprobe:/bin/*:f* { @ = count(); }');
    assert.deepEqual(
      spec.programs.map(({ attach }) => (attach.kind === 'each' ? attach.places.length : 0)),
      [9, 9],
    );
  });

  test('are as many as the attach points where their names are used', () => {
    const spec = compiled('kprobe:vfs_* { @[probe] = count(); }');
    assert.equal(spec.programs.length, NAMES.length);
    assert.deepEqual(spec.choices, ['kprobe: 9 probes one by one: no multi links in this kernel']);
  });
});
