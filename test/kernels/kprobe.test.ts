/** kprobe, kretprobe, fentry and fexit on a function whose every call by one process is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelWithout } from '../support/needs-kernel.ts';
import { bpfleetLocal, local, traceProgram } from './trace-local.ts';

const noKprobes = kernelWithout('kprobe');
const noFentry = kernelWithout('fentry');

const READS = 5000;
const BYTES = 300;

const READER = ['reader', String(READS), String(BYTES)];

function traceReads(text: string): Promise<string> {
  return traceProgram(READER, (pid, runProgram) =>
    local({ source: { name: 'stdin', text }, parameters: [pid] }, runProgram),
  );
}

/** The counts of all rows of the histograms in the text. */
function histogramTotal(text: string): number {
  return [...text.matchAll(/^[[(].*?[)\]]\s+(\d+) \|/gm)].reduce(
    (sum, row) => sum + Number(row[1]),
    0,
  );
}

test('kprobe counts every call of one process', { skip: noKprobes }, async () => {
  assert.match(await traceReads('kprobe:vfs_read /pid == $1/ { @ = count(); }'), /^@: 5000$/m);
});

test('kprobe reads the arguments of the function', { skip: noKprobes }, async () => {
  const out = await traceReads('kprobe:vfs_read /pid == $1/ { @ = sum(arg2); }');
  assert.match(out, /^@: 1500000$/m);
});

test('kretprobe sees the value every call returned', { skip: noKprobes }, async () => {
  const out = await traceReads(
    'kretprobe:vfs_read /pid == $1/ { @bytes = lhist(retval, 0, 2000, 200); }',
  );
  assert.match(out, /^@bytes:\s*\n\[200, 400\)\s+5000 \|@+\|$/m);
});

test('kprobe and kretprobe together time every call', { skip: noKprobes }, async () => {
  const out = await traceReads(
    `kprobe:vfs_read /pid == $1/ { @start[tid] = nsecs; }
     kretprobe:vfs_read /@start[tid]/ { @ns[comm] = hist(nsecs - @start[tid]); delete(@start[tid]); }`,
  );
  assert.match(out, /^@ns\[reader\]:/m);
  assert.doesNotMatch(out, /@start/);
  assert.equal(histogramTotal(out), READS);
});

test('fentry reads arguments by name', { skip: noFentry }, async () => {
  const out = await traceReads(
    'fentry:vfs_read /pid == $1/ { @calls = count(); @bytes = sum(args.count); }',
  );
  assert.match(out, /^@bytes: 1500000$/m);
  assert.match(out, /^@calls: 5000$/m);
});

test('fexit sees arguments and the return value', { skip: noFentry }, async () => {
  const out = await traceReads(
    'fexit:vfs_read /pid == $1/ { @short = count(); @bytes = sum(retval); }',
  );
  assert.match(out, /^@bytes: 1500000$/m);
  assert.match(out, /^@short: 5000$/m);
});

test('a function that the kernel lacks is refused by name', { skip: noKprobes }, async () => {
  const { err, exitCode } = await local({
    source: { name: 'stdin', text: 'kprobe:vfs_reed { @ = count(); }' },
  });
  assert.match(err, /vfs_reed/);
  assert.equal(exitCode, 1);
});

test('kernel functions are listed as kprobes', { skip: noKprobes }, async () => {
  const { out, exitCode } = await local({ list: { pattern: 'kprobe:vfs_rea*', arguments: false } });
  assert.match(out, /^kprobe:vfs_read$/m);
  assert.equal(exitCode, 0);
});

test(
  'the command line traces kernel functions and ends at an interrupt',
  { skip: noKprobes },
  async () => {
    const program = 'kprobe:vfs_read /pid == $1/ { @ = count(); }';
    const out = await traceProgram(READER, (pid, runProgram) =>
      bpfleetLocal(['-e', program, pid], runProgram),
    );
    assert.match(out, /^@: 5000$/m);
  },
);
