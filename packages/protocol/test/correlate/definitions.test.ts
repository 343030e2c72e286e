/** What is wrong with a span or a join is said, and marked where it stands. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DefinitionFault } from '../../src/correlate/definition-fault.ts';
import { checkJoin } from '../../src/correlate/join-roles.ts';
import { parseJoin } from '../../src/correlate/parse-join.ts';
import { parseSpan } from '../../src/correlate/parse-span.ts';
import { printingPlaces, type PrintingPlace } from '../../src/correlate/printing-place.ts';
import { checkSpan } from '../../src/correlate/span-roles.ts';
import { ENTER, EXIT, SCHEMA } from './truth.ts';

const PLACES = printingPlaces(SCHEMA);

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DefinitionFault) return error.shown;
    throw error;
  }
  return assert.fail('nothing was wrong');
}

function span(text: string, places: readonly PrintingPlace[] = PLACES): string {
  return faultOf(() => checkSpan(parseSpan(text), places));
}

function join(text: string): string {
  return faultOf(() => checkJoin(parseJoin(text), [{ label: undefined, places: PLACES }], []));
}

suite('definitions', () => {
  test('a span has a name, two ends and a key', () => {
    assert.deepEqual(
      parseSpan('read: enter=uprobe:/bin/bash:f/fd=0x10/ exit=uretprobe:/bin/bash:f by pid,fd'),
      {
        name: 'read',
        enter: {
          probe: 'uprobe:/bin/bash:f',
          conditions: [{ field: 'fd', equal: true, value: '16' }],
          from: 12,
          to: 30,
        },
        exit: { probe: 'uretprobe:/bin/bash:f', conditions: [], from: 45, to: 66 },
        by: ['pid', 'fd'],
        text: 'read: enter=uprobe:/bin/bash:f/fd=0x10/ exit=uretprobe:/bin/bash:f by pid,fd',
      },
    );
    assert.match(span('enter=a exit=b'), /begins with its name.*\nenter=a exit=b\n~~~~~~~$/);
    assert.match(span('r: enter=a'), /no exit=.*\nr: enter=a\n {10}~$/);
    assert.match(
      span('r: enter=a exit=b with tid'),
      /expected enter=, exit= or by.*\n.*\n {18}~~~~$/,
    );
    assert.match(span('r: enter=a exit=b by 7'), /by what\?.*\n.*\n {21}~$/);
    assert.match(span('r: enter=a/b==/ exit=b by c+d'), /by what/);
    assert.match(span('r: enter=a/b c=1/ exit=b'), /expected enter=, exit= or by|compares a field/);
  });

  test('its probes are ones the program prints at, in blocks of their own', () => {
    assert.match(
      span(`r: enter=kprobe:f exit=${EXIT}`),
      /prints nothing at kprobe:f: it prints at tracepoint:syscalls:sys_enter_read, .*\n.*\n {9}~{8}$/,
    );
    const together = [{ event: 0, probes: [ENTER, EXIT], fields: [], word: undefined }];
    assert.match(span(`r: enter=${ENTER} exit=${EXIT}`, together), /give each a block of its own/);
    const wildcard = [{ event: 0, probes: ['kprobe:vfs_*'], fields: [], word: undefined }];
    assert.match(
      span('r: enter=kprobe:vfs_read exit=kprobe:x', wildcard),
      /give kprobe:vfs_read a block/,
    );
    assert.match(span(`r: enter=${ENTER} exit=${EXIT} by fd`), /has no field fd: it has ret/);
    checkSpan(parseSpan('r: enter=tracepoint:*enter* exit=tracepoint:*exit* by tid'), PLACES);
  });

  test('a join has two sides, as many fields on each, and a window', () => {
    assert.equal(parseJoin('a.k=b.k within 1.5ms').withinNs, 1_500_000n);
    assert.equal(
      parseJoin('tracepoint:a:b.(x, y) = c.(z,w) within 1s').left.label,
      'tracepoint:a:b',
    );
    assert.match(join('a = b.k within 1s'), /a side names events and a field.*\n.*\n~$/);
    assert.match(join('a.(x,y) = b.k within 1s'), /2 fields on the left, 1 here\n.*\n {10}~~~$/);
    assert.match(join('a.x = b.k'), /expected within/);
    assert.match(join('a.x = b.k within soon'), /not a time up to 1 hour.*\n.*\n {17}~~~~$/);
    assert.match(
      join('client.fd = other.fd within 1s'),
      /client is no session, .*there are enter, /,
    );
    assert.match(join('enter.fd = other.fds within 1s'), /has no field fds: it has fd/);
  });
});
