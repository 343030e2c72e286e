import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PerfRecord } from '../../src/perf/perf-ring.ts';
import { processEvent } from '../../src/perf/process-event.ts';
import * as K from '../../src/sys/constants.ts';

/** Numbers of four bytes, and of eight where they are big; then text, and the time that every record ends with. */
function record(
  type: number,
  fields: readonly (number | bigint)[],
  text = '',
  misc = 0,
): PerfRecord {
  const parts = fields.map((field) =>
    typeof field === 'bigint'
      ? new Uint8Array(BigUint64Array.of(field).buffer)
      : new Uint8Array(Uint32Array.of(field).buffer),
  );
  const name = Buffer.alloc(Math.ceil((text.length + 1) / 8) * 8);
  name.write(text);
  const bytes = Buffer.concat([
    ...parts,
    ...(text === '' ? [] : [name]),
    Buffer.from([9, 0, 0, 0, 0, 0, 0, 0]),
  ]);
  return { type, misc, body: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

test('mapped code is told with its file', () => {
  const fields = [7, 8, 0x400000n, 0x3000n, 0x1000n, 0xfe, 1, 1234n, 5n, 5, 2];
  assert.deepEqual(processEvent(record(K.PERF_RECORD_MMAP2, fields, '/opt/a b')), {
    kind: 'map',
    pid: 7,
    time: 9n,
    start: 0x400000n,
    end: 0x403000n,
    fileOffset: 0x1000n,
    file: 'fe:01:1234',
    path: '/opt/a b',
  });
});

test('new programs, children and ends are told; names, threads and their ends are not', () => {
  const exec = K.PERF_RECORD_MISC_COMM_EXEC;
  assert.deepEqual(processEvent(record(K.PERF_RECORD_COMM, [7, 7], 'sh', exec)), {
    kind: 'exec',
    pid: 7,
    time: 9n,
  });
  assert.equal(processEvent(record(K.PERF_RECORD_COMM, [7, 7], 'sh')), undefined);
  assert.deepEqual(processEvent(record(K.PERF_RECORD_FORK, [8, 7, 8, 7, 1n])), {
    kind: 'fork',
    pid: 8,
    parent: 7,
    time: 9n,
  });
  assert.equal(processEvent(record(K.PERF_RECORD_FORK, [7, 7, 8, 7, 1n])), undefined);
  assert.deepEqual(processEvent(record(K.PERF_RECORD_EXIT, [7, 1, 7, 1, 1n])), {
    kind: 'exit',
    pid: 7,
    time: 9n,
  });
  assert.equal(processEvent(record(K.PERF_RECORD_EXIT, [7, 1, 8, 1, 1n])), undefined);
});

test('records that are cut short, and of other kinds, tell nothing', () => {
  assert.equal(processEvent(record(K.PERF_RECORD_MMAP2, [7, 8])), undefined);
  assert.equal(processEvent(record(2, [7, 8, 1n])), undefined);
  assert.equal(
    processEvent({ type: K.PERF_RECORD_COMM, misc: 0, body: new DataView(new ArrayBuffer(0)) }),
    undefined,
  );
});
