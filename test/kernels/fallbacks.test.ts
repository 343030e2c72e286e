/** What stands in for kprobes, trampolines and multi links does the same, and -v says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalOptions } from '@bpfleet/agent/local';
import { kernelWithout } from '../support/needs-kernel.ts';
import { local, traceProgram, type Finished } from './trace-local.ts';

const noKprobes = kernelWithout('kprobe');
const noFentry = kernelWithout('fentry');

const READS = 500;
const READER = ['reader', String(READS), '100'];

/** Traces the reads of one process, whose pid is `$1`. */
async function without(
  feature: LocalOptions['disabledFeatures'][number],
  text: string,
): Promise<Finished> {
  let finished: Finished | undefined;
  await traceProgram(READER, async (pid, runProgram) => {
    const source = { name: 'stdin', text };
    const options = { source, parameters: [pid], verbose: true, disabledFeatures: [feature] };
    finished = await local(options, runProgram);
    return finished;
  });
  assert.ok(finished !== undefined);
  return finished;
}

test('kprobes stand in for fentry, with its arguments', { skip: noKprobes }, async () => {
  const { out, err } = await without(
    'fentry',
    `fentry:vfs_read /pid == $1/ { @calls = count(); @bytes = sum(args.count); @of[args.file->f_inode->i_ino != 0] = count(); @f[func, probe] = count(); }
     fexit:vfs_read /pid == $1/ { @back = sum(retval); }`,
  );
  assert.match(out, /^@calls: 500$/m);
  assert.match(out, /^@bytes: 50000$/m);
  assert.match(out, /^@back: 50000$/m);
  assert.match(out, /^@of\[(?:1|true)\]: 500$/m);
  assert.match(out, /^@f\[vfs_read, fentry:vmlinux:vfs_read\]: 500$/m);
  assert.match(err, /^fentry:vmlinux:vfs_read: by kprobe: fentry is switched off$/m);
  assert.match(err, /^fexit:vmlinux:vfs_read: by kretprobe: fentry is switched off$/m);
});

test('a kretprobe has no arguments for fexit', { skip: noKprobes }, async () => {
  const text = 'fexit:vfs_read { @ = args.count; }';
  const { err, exitCode } = await local({
    source: { name: 'stdin', text },
    disabledFeatures: ['fentry'],
  });
  assert.equal(exitCode, 1);
  assert.match(err, /ERROR: no fentry \(switched off\), and a kretprobe cannot see the arguments/);
});

test('fentry stands in for kprobes', { skip: noKprobes || noFentry }, async () => {
  const { out, err } = await without(
    'kprobe',
    `kprobe:vfs_read /pid == $1/ { @calls = count(); @bytes = sum(arg2); @f[probe] = count(); }
     kretprobe:vfs_read /pid == $1/ { @back = sum(retval); }`,
  );
  assert.match(out, /^@calls: 500$/m);
  assert.match(out, /^@bytes: 50000$/m);
  assert.match(out, /^@back: 50000$/m);
  assert.match(out, /^@f\[kprobe:vfs_read\]: 500$/m);
  assert.match(err, /^kprobe:vfs_read: by fentry: no kprobes \(switched off\)$/m);
});

test('single kprobes stand in for a multi link', { skip: noKprobes }, async () => {
  const { out, err } = await without(
    'kprobeMulti',
    'kprobe:vfs_* /pid == $1/ { @[probe] = count(); } kretprobe:vfs_* /pid == $1/ { @back[probe] = sum(retval); }',
  );
  assert.match(out, /^@\[kprobe:vfs_read\]: 500$/m);
  assert.match(out, /^@back\[kretprobe:vfs_read\]: 50000$/m);
  assert.match(err, /^kprobe: \d+ probes one by one: no multi links \(switched off\)$/m);
});
