/** Generated events and strings, run by the kernel and decoded by the schema. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Value } from '@bpfleet/protocol';
import { CompiledProgram, first } from '../support/compiled-program.ts';
import { notRoot } from '../support/needs-kernel.ts';

/** The arguments of each event that one run of a program sends. */
function sent(body: string): (readonly Value[])[] {
  using program = new CompiledProgram(`BEGIN { ${body} }`);
  program.run();
  return program.events().map((event) => event.arguments);
}

/** Whether each condition holds, evaluated by one run of a program. */
function holds(setup: string, conditions: readonly string[]): boolean[] {
  const prints = conditions.map((condition) => `print(${condition} ? 1 : 0);`);
  return sent(`${setup} ${prints.join('\n')}`).map(([value]) => value === 1n);
}

const LONG = 'x'.repeat(100);

describe('generated events', { skip: notRoot() }, () => {
  test('the header says who sent what, when and where', () => {
    using program = new CompiledProgram('BEGIN { printf("a"); printf("b"); }');
    program.run();
    const headers = program.events().map(({ header }) => header);
    assert.deepEqual(
      headers.map(({ pid, tid, event }) => ({ pid, tid, event })),
      [
        { pid: process.pid, tid: process.pid, event: 0 },
        { pid: process.pid, tid: process.pid, event: 1 },
      ],
    );
    const [earlier = 0n, later = 0n] = headers.map(({ nsecs }) => nsecs);
    assert.ok(earlier > 0n && earlier <= later);
  });

  test('integers of all widths, booleans and pointers arrive as they are', () => {
    const values =
      '(int8)-1, (uint8)255, (int16)-2, (uint16)65535, (int32)-3, (uint32)4294967295, (int64)-4, true, (int8*)5';
    assert.deepEqual(sent(`printf("%d %d %d %d %d %d %d %d %p", ${values});`), [
      [-1n, 255n, -2n, 65535n, -3n, 4294967295n, -4n, true, 5n],
    ]);
  });

  test('short text travels in place, long text at its real length', () => {
    using program = new CompiledProgram(
      `BEGIN { $s = "${LONG}"; printf("%s %s %d %s", comm, $s, 7, $s); }`,
    );
    program.run();
    const { schema, arguments: values } = first(program.events());
    assert.deepEqual(values.slice(1), [LONG, 7n, LONG]);
    assert.ok(schema.kind === 'printf');
    assert.deepEqual(
      schema.arguments.map(({ dynamic }) => dynamic),
      [false, true, false, true],
    );
  });

  test('str takes as many bytes as it is told, the NUL included', () => {
    assert.deepEqual(sent('$s = "abcdefgh"; $n = 4; printf("%s|%s", str($s, 5), str($s, $n));'), [
      ['abcd', 'abc'],
    ]);
  });

  test('tuples carry their members', () => {
    assert.deepEqual(sent('print((1, "abc", (2, "d")));'), [[[1n, 'abc', [2n, 'd']]]]);
  });

  test('strings compare by their text', () => {
    const setup = `$a = "cat"; $b = "cats"; $c = "cat"; $l = "${LONG}"; $m = "${LONG}y";`;
    const conditions = [
      '$a == "cat"',
      '$a == "cats"',
      '$b == "cat"',
      '$a == $c',
      '$a != $b',
      '$l == $m',
      '$l != $m',
      '"cat" == $a',
      '$a == ""',
      'strncmp($a, $b, 3) == 0',
      'strncmp($a, $b, 4) == 0',
      'comm == "no such name"',
    ];
    assert.deepEqual(holds(setup, conditions), [
      true,
      false,
      false,
      true,
      true,
      false,
      true,
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  test('logic stops where its outcome is known', () => {
    const setup = '@hits = 0; $yes = pid > 0; $no = pid == 0;';
    assert.deepEqual(
      holds(setup, [
        '$yes && $no',
        '$yes || $no',
        '!($yes && $no)',
        '!$yes || !$no',
        '($no && @hits++ > 0) || @hits == 0',
      ]),
      [false, true, true, true, true],
    );
  });

  test('loops end where they should', () => {
    assert.deepEqual(
      sent(
        '$i = 0; while ($i < 10) { $i++; if ($i == 3) { continue; } if ($i == 6) { break; } @n = count(); } printf("%d %d", $i, (int64)@n);',
      ),
      [[6n, 4n]],
    );
    assert.deepEqual(sent('$i = 1; unroll(5) { $i *= 2; } print($i);'), [[32n]]);
  });

  test('the chosen side alone is evaluated', () => {
    assert.deepEqual(
      sent(
        '$x = pid > 0 ? "then" : "otherwise"; if (pid == 0) { print("no"); } else if (pid > 0) { print($x); } else { print("never"); }',
      ),
      [['then']],
    );
  });

  test('actions carry what the tracer must know, and exit ends the program', () => {
    using program = new CompiledProgram(
      'BEGIN { @x = 1; print(@x); print(@x, 3, 2); clear(@x); zero(@x); time("%H"); exit(3); print(1); }',
    );
    program.run();
    assert.deepEqual(
      program.events().map(({ schema }) => schema),
      [
        { kind: 'print-map', map: '@x', top: undefined, divisor: undefined },
        { kind: 'print-map', map: '@x', top: 3, divisor: 2 },
        { kind: 'clear', map: '@x' },
        { kind: 'zero', map: '@x' },
        { kind: 'time', format: '%H', probes: ['begin'] },
        { kind: 'exit' },
      ],
    );
  });

  test('a full ring loses whole events and counts them', () => {
    using program = new CompiledProgram(
      `config = { perf_rb_pages = 1 } BEGIN { $s = "${LONG}"; unroll(50) { printf("%d", 1); printf("%s", $s); } }`,
    );
    program.run();
    const arrived = program.events().length;
    assert.ok(arrived > 0 && arrived < 100);
    assert.equal(program.losses().ringFull, BigInt(100 - arrived));
  });

  test('buffers carry the bytes asked for', () => {
    const [[bytes]] = sent('$s = "abcdef"; printf("%r", buf($s, 3));') as [[Uint8Array]];
    assert.deepEqual([...bytes], [0x61, 0x62, 0x63]);
  });
});
