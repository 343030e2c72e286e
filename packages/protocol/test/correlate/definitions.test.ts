/** Definitions as people write them, and what is said of wrong ones. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { correlationFaults, parseJoin, parseSpan } from '../../src/index.ts';

suite('definitions of spans', () => {
  test('name both ends', () => {
    const text = 'read: enter=t:syscalls:sys_enter_read exit=t:syscalls:sys_exit_read by tid';
    const read = parseSpan(text, (probe) => probe.replace(/^t:/, 'tracepoint:'));
    assert.deepEqual(read, {
      name: 'read',
      enter: 'tracepoint:syscalls:sys_enter_read',
      exit: 'tracepoint:syscalls:sys_exit_read',
      by: ['tid'],
    });
  });

  test('are by tid unless they say otherwise', () => {
    assert.deepEqual(parseSpan('x: exit=b enter=a').by, ['tid']);
    assert.deepEqual(parseSpan('x: enter=a exit=b by pid, id').by, ['pid', 'id']);
  });

  const wrong: readonly (readonly [text: string, told: string])[] = [
    ['enter=a exit=b', "--span 'enter=a exit=b'\n        ^\nit begins with a name and a colon"],
    ['x: enter=a', "--span 'x: enter=a'\n                  ^\nexit= is missing"],
    ['x: enter=a exit=', "--span 'x: enter=a exit='\n                        ^\nexit needs an"],
    ['x: enter=a enter=b', 'enter is given twice'],
    ['x: enter=a exit=b of tid', 'unknown word of'],
    ['x: enter=a exit=b by', 'by needs tid, pid, or names of fields'],
    ['x: enter=a exit=b by 7', 'not a name'],
  ];
  for (const [text, told] of wrong) {
    test(`refused: ${text}`, () => {
      assert.throws(
        () => parseSpan(text),
        (error: Error) => error.message.includes(told) || assert.fail(error.message),
      );
    });
  }
});

suite('definitions of joins', () => {
  test('have a key on both sides, and a time', () => {
    const { left, right, withinNs } = parseJoin('client.key = server.key within 5ms');
    assert.deepEqual(
      [left, right],
      [
        { events: 'client', key: ['key'] },
        { events: 'server', key: ['key'] },
      ],
    );
    assert.equal(withinNs, 5_000_000n);
  });

  const wrong: readonly (readonly [text: string, told: string])[] = [
    ['client.key = server.key', 'within and a time are missing'],
    ['a.x = b.y within 5 lightyears', 'not a time'],
    ['a.x = b.y within 500s', 'within takes 60s at most'],
    ['a.x b.y within 5ms', '= is missing'],
    ['a.x = y within 5ms', "--join 'a.x = y within 5ms'\n              ^\nexpected events.field"],
    ['(a.x, a.y) = b.y within 5ms', '2 fields on one side, 1 on the other'],
    ['(a.x, c.y) = (b.x, b.y) within 5ms', 'of the same events, not a and c'],
  ];
  for (const [text, told] of wrong) {
    test(`refused: ${text}`, () => {
      assert.throws(
        () => parseJoin(text),
        (error: Error) => error.message.includes(told) || assert.fail(error.message),
      );
    });
  }
});

suite('definitions and the program', () => {
  const events = [
    { probes: ['kprobe:a'], word: 'client', names: ['key'] },
    { probes: ['kretprobe:a', 'kretprobe:b'], word: undefined, names: [] },
  ];
  const faults = (spans: readonly string[], joins: readonly string[] = []): readonly string[] =>
    correlationFaults(
      { spans: spans.map((text) => parseSpan(text)), joins: joins.map(parseJoin) },
      events,
    );

  test('a span needs something that is printed at both ends', () => {
    assert.deepEqual(faults(['x: enter=kprobe:a exit=kretprobe:c']), [
      'span x: no printf at kretprobe:c (exit); it prints at kprobe:a, kretprobe:a, kretprobe:b',
    ]);
  });

  test('what several attach points print is no end of one of them', () => {
    assert.deepEqual(faults(['x: enter=kprobe:a exit=kretprobe:a']), [
      'span x: what is printed at kretprobe:a cannot be told from what the same block prints at kretprobe:b; ' +
        'give each a block of its own',
    ]);
    assert.deepEqual(faults(['x: enter=kprobe:a exit=kretprobe:*']), []);
  });

  test('fields must be there', () => {
    assert.deepEqual(
      faults(['x: enter=kprobe:a exit=kprobe:a by id'])[0],
      'span x: what is printed at kprobe:a has no field id; it has key',
    );
    assert.deepEqual(faults([], ['client.key = client.kex within 1s']), [
      'join client.key = client.kex within 1s: client has no field kex; it has key',
    ]);
  });

  test('events are called by what is printed first, their attach point, or a span', () => {
    assert.deepEqual(faults([], ['client.key = server.key within 1s']), [
      'join client.key = server.key within 1s: no events are called server; there are client, a',
    ]);
    assert.deepEqual(faults(['s: enter=kprobe:a exit=kprobe:a'], ['s.key = a.key within 1s']), []);
  });
});
