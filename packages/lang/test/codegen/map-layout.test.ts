import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { MapPlan } from '../../src/analysis/checked-program.ts';
import { layOutMap } from '../../src/codegen/map-layout.ts';
import { mapNames } from '../../src/codegen/map-names.ts';
import { ringBytes } from '../../src/codegen/ring-size.ts';
import { INT64, string, UINT32 } from '../../src/types/scalars.ts';
import type { Type } from '../../src/types/type.ts';

function plan(value: Type, rest: Partial<MapPlan> = {}): MapPlan {
  return { name: '@x', key: undefined, value, maxEntries: 1, hostLocal: false, ...rest };
}

suite('kernel maps', () => {
  test('a plain map without keys is an array whose element has a flag', () => {
    const { spec, setOffset } = layOutMap(plan(UINT32), 'AT_x', false);
    assert.deepEqual([spec.type, spec.keySize, spec.valueSize, setOffset], ['array', 4, 16, 8]);
  });

  test('aggregations without keys are per-CPU arrays; only sum needs the flag', () => {
    const layouts = [
      { kind: 'count' },
      { kind: 'sum', signed: true },
      { kind: 'min', signed: true },
      { kind: 'hist', bits: 0 },
    ] as const;
    const specs = layouts.map((value) => layOutMap(plan(value), 'AT_x', false).spec);
    assert.deepEqual(
      specs.map(({ type, valueSize }) => [type, valueSize]),
      [
        ['percpu_array', 8],
        ['percpu_array', 16],
        ['percpu_array', 16],
        ['percpu_array', 8 * 65],
      ],
    );
  });

  test('keyed maps are hash maps of the size planned', () => {
    const keyed = { key: string(16), maxEntries: 100 };
    const plain = layOutMap(plan(INT64, keyed), 'AT_x', false).spec;
    const counted = layOutMap(plan({ kind: 'count' }, keyed), 'AT_x', false).spec;
    assert.deepEqual([plain.type, plain.keySize, plain.maxEntries], ['hash', 16, 100]);
    assert.equal(counted.type, 'percpu_hash');
  });

  test('large values are not made ahead, except for perf events', () => {
    const large = plan({ kind: 'hist', bits: 5 }, { key: UINT32, maxEntries: 100 });
    assert.equal(layOutMap(large, 'AT_x', false).spec.flags, 1);
    assert.equal(layOutMap(large, 'AT_x', true).spec.flags, 0);
  });

  test('a declared lruhash is one', () => {
    const declared = plan(INT64, { key: UINT32, declaredType: 'lruhash' });
    assert.equal(layOutMap(declared, 'AT_x', false).spec.type, 'lru_hash');
  });
});

test('kernel map names are short and distinct', () => {
  const names = [
    ...mapNames(['@', '@start', '@a_rather_long_name', '@a_rather_long_one']).values(),
  ];
  assert.deepEqual(names, ['AT_', 'AT_start', 'AT_a_rather_lon', 'AT_a_rather_l_2']);
});

test('a ring is a power of two of whole pages', () => {
  assert.equal(ringBytes(3, 4096, true), 16384);
  assert.equal(ringBytes(1, 65536, true), 65536);
  assert.ok(ringBytes(0, 4096, true) > ringBytes(0, 4096, false));
});
