import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeMapped, ProcessEvent } from '@bpfleet/bpf';
import { ProcessHistory } from '../../src/symbols/process-history.ts';

/** No process has such a number. */
const FIRST = 5_000_000;

function historyOf(...batches: readonly (readonly ProcessEvent[])[]): ProcessHistory {
  const left = [...batches];
  const history = new ProcessHistory({
    drain: () => left.shift() ?? [],
    [Symbol.dispose]: () => undefined,
  });
  for (const _ of batches) history.update();
  return history;
}

function mapped(pid: number, time: bigint, path: string): CodeMapped {
  const start = time * 0x1000n;
  return {
    kind: 'map',
    pid,
    time,
    start,
    end: start + 0x1000n,
    fileOffset: 0n,
    file: '0:0:1',
    path,
  };
}

function pathsOf(history: ProcessHistory, pid: number): readonly string[] | undefined {
  return history.find(pid)?.mappings.map(({ path }) => path);
}

test('what a process mapped is known after its end', () => {
  const history = historyOf([
    { kind: 'fork', pid: FIRST, parent: FIRST + 1, time: 1n },
    { kind: 'exec', pid: FIRST, time: 2n },
    mapped(FIRST, 3n, '/bin/a'),
    mapped(FIRST, 4n, '//anon'),
    { kind: 'exit', pid: FIRST, time: 5n },
  ]);
  assert.deepEqual(pathsOf(history, FIRST), ['/bin/a', '']);
  assert.equal(history.find(FIRST)?.parent, FIRST + 1);
  assert.equal(history.find(FIRST + 2), undefined);
});

test('a child begins with what its parent has, a new program with nothing', () => {
  const history = historyOf([
    mapped(FIRST, 1n, '/bin/parent'),
    { kind: 'fork', pid: FIRST + 1, parent: FIRST, time: 2n },
    { kind: 'fork', pid: FIRST + 2, parent: FIRST, time: 3n },
    { kind: 'exec', pid: FIRST + 2, time: 4n },
    mapped(FIRST + 2, 5n, '/bin/new'),
  ]);
  assert.deepEqual(pathsOf(history, FIRST + 1), ['/bin/parent']);
  assert.deepEqual(pathsOf(history, FIRST + 2), ['/bin/new']);
});

test('that a process became a program late, by the word of another CPU, takes nothing newer away', () => {
  const history = historyOf(
    [mapped(FIRST, 1n, '/bin/old'), mapped(FIRST, 5n, '/bin/new')],
    [{ kind: 'exec', pid: FIRST, time: 4n }],
  );
  assert.deepEqual(pathsOf(history, FIRST), ['/bin/new']);
});

test('of many that have ended the oldest are forgotten', () => {
  const lives = (pid: number): readonly ProcessEvent[] => [
    mapped(pid, 1n, '/bin/a'),
    { kind: 'exit', pid, time: 2n },
  ];
  const history = historyOf(
    Array.from({ length: 9000 }, (_, index) => lives(FIRST + index)).flat(),
  );
  assert.equal(pathsOf(history, FIRST), undefined);
  assert.deepEqual(pathsOf(history, FIRST + 8999), ['/bin/a']);
});

test('a process that runs is asked what its children began with', () => {
  const history = historyOf([{ kind: 'fork', pid: FIRST, parent: process.pid, time: 1n }]);
  assert.ok(pathsOf(history, FIRST)?.includes(process.execPath));
});
