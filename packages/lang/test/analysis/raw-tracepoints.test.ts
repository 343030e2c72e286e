/** Wildcards of tracepoints: when they go by raw tracepoints. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compile } from '../../src/compile.ts';
import type { SessionSpec } from '../../src/session-spec.ts';
import { Source } from '../../src/source.ts';
import type { ResolvedProbe, Target, TargetFeatures } from '../../src/target.ts';
import { lockedDown } from '../targets/targets.ts';

function events(count: number, raw = true): readonly ResolvedProbe[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'tracepoint',
    category: 'sched',
    event: `sched_${index}`,
    id: 100 + index,
    fields: [{ name: 'cpu', cType: 'int', offset: 8, size: 4, signed: true }],
    ...(raw ? { raw: true } : {}),
  }));
}

const target: Target = {
  ...lockedDown,
  probes: {
    'tracepoint:sched:*': { kind: 'found', probes: events(9) },
    'tracepoint:sched:sched_1': { kind: 'found', probes: events(2, false).slice(1) },
    'tracepoint:few:*': { kind: 'found', probes: events(7) },
    'tracepoint:dynamic:*': { kind: 'found', probes: events(9, false) },
  },
};

function compiled(text: string, features: Partial<TargetFeatures> = {}): SessionSpec {
  const options = { parameters: [], environment: {}, unsafe: false };
  const on = { ...target, features: { ...target.features, ...features } };
  const result = compile(new Source('stdin', text), on, options);
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.spec;
}

/** How each program is attached; of a shared one, each place. */
function ways(spec: SessionSpec): readonly string[] {
  return spec.programs.flatMap(({ attach }) =>
    attach.kind === 'each' ? attach.places.map((place) => place.attach.kind) : [attach.kind],
  );
}

const NINE = Array.from({ length: 9 }, () => 'rawtracepoint');

suite('wildcards of tracepoints', () => {
  test('go by raw tracepoints, with one program', () => {
    for (const body of ['@ = count();', '@[probe] = count();']) {
      const spec = compiled(`tracepoint:sched:* { ${body} }`);
      assert.equal(spec.programs.length, 1);
      assert.equal(spec.programs[0]?.program.type, 'raw_tracepoint');
      assert.deepEqual(ways(spec), NINE);
      assert.deepEqual(spec.choices, [
        'tracepoint: 9 probes by raw tracepoints: that many perf events take long to give back',
      ]);
    }
  });

  test('stay perf events where the program sees what is not at raw tracepoints', () => {
    for (const [body, used] of [
      ['@ = sum(args.cpu);', 'args'],
      ['@[kstack] = count();', 'kstack'],
    ] as const) {
      const spec = compiled(`tracepoint:sched:* { ${body} }`);
      assert.ok(!ways(spec).includes('rawtracepoint'));
      assert.deepEqual(spec.choices, [
        `tracepoint: 9 probes by one perf event each: the program uses '${used}'`,
      ]);
    }
  });

  test('stay perf events where the kernel has not what it takes', () => {
    const without = (features: Partial<TargetFeatures>, body = '@ = count();'): SessionSpec =>
      compiled(`tracepoint:sched:* { ${body} }`, features);
    assert.deepEqual(without({ rawTracepointGuard: false }).choices, [
      'tracepoint: 9 probes by one perf event each: ' +
        'raw tracepoints in this kernel let programs in that are running already',
    ]);
    assert.deepEqual(ways(without({ rawTracepointCookie: false })), NINE);
    const named = without({ rawTracepointCookie: false }, '@[probe] = count();');
    assert.deepEqual(named.choices, [
      'tracepoint: 9 probes by one perf event each: ' +
        "'probe' by raw tracepoints takes a program for each: no cookies in this kernel",
    ]);
    assert.equal(named.programs.length, 1);
    assert.deepEqual(compiled('tracepoint:dynamic:* { @ = count(); }').choices, [
      'tracepoint: 9 probes by one perf event each: no raw tracepoints in this kernel',
    ]);
  });

  test('stay perf events where they are few', () => {
    const spec = compiled('tracepoint:few:* { @ = count(); }');
    assert.ok(ways(spec).every((way) => way === 'tracepoint'));
    assert.deepEqual(spec.choices, []);
  });

  test('leave out an event whose other programs are perf events, so that all run in their order', () => {
    const spec = compiled(
      'tracepoint:sched:sched_1 { @ = args.cpu; } tracepoint:sched:* { @b = count(); }',
    );
    const events = spec.programs.flatMap(({ attach }) =>
      attach.kind === 'tracepoint' ? [attach.event] : [],
    );
    assert.deepEqual(events, ['sched_1', 'sched_1']);
  });
});
