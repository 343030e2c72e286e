import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameTexts } from '../../src/symbols/frame-text.ts';

const frames = [
  { name: 'inner', place: { file: '/src/a.c', line: 3 } },
  { name: 'outer', offset: 12, place: { file: '/src/a.c', line: 9 } },
  { name: 'plain', offset: 0, place: undefined },
];

test('frames have their offset, file and line, and tell what was inlined', () => {
  assert.deepEqual(frameTexts(frames, 'bpftrace', '/bin/a'), [
    '[inlined] inner@/src/a.c:3',
    'outer+12@/src/a.c:9',
    'plain+0',
  ]);
});

test("perf's form has the file of the code instead", () => {
  assert.deepEqual(frameTexts(frames, 'perf', '/bin/a'), [
    'inner (inlined)',
    'outer+12 (/bin/a)',
    'plain+0 (/bin/a)',
  ]);
  assert.deepEqual(frameTexts(frames.slice(2), 'perf', undefined), ['plain+0 ([unknown])']);
});
