/** Ways to attach that only kernels with kprobes and trampolines have. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { kernelWithout } from '../support/needs-kernel.ts';
import { local, traceProgram, type Finished } from './trace-local.ts';

const noKprobes = kernelWithout('kprobe');
const noFentry = kernelWithout('fentry');

const READS = 500;
const READER = ['reader', String(READS), '100'];

/** Traces the reads of one process, whose pid is `$1`. */
function traceReads(text: string, options: { readonly unsafe?: boolean } = {}): Promise<string> {
  return traceProgram(READER, (pid, runProgram) =>
    local({ source: { name: 'stdin', text }, parameters: [pid], ...options }, runProgram),
  );
}

/** A program that ends of itself. */
function run(text: string): Promise<Finished> {
  return local({ source: { name: 'stdin', text } }, () => Promise.resolve());
}

test(
  'one kprobe program serves all functions that a wildcard matches',
  { skip: noKprobes },
  async () => {
    const out = await traceReads('kprobe:vfs_rea* /pid == $1/ { @[func] = count(); }');
    assert.match(out, /^@\[vfs_read\]: 500$/m);
  },
);

test('each match has its name', { skip: noKprobes }, async () => {
  for (const kind of ['kprobe', 'kretprobe']) {
    const out = await traceReads(`${kind}:vfs_* /pid == $1/ { @[probe, func] = count(); }`);
    assert.match(out, new RegExp(`^@\\[${kind}:vfs_read, vfs_read\\]: 500$`, 'm'));
  }
});

test('each half of a pair has its name', { skip: noKprobes }, async () => {
  const out = await traceReads(
    `kprobe:vfs_rea* /pid == $1/ { @[probe] = count(); }
     kretprobe:vfs_rea* /pid == $1/ { @[probe] = count(); }`,
  );
  assert.match(out, /^@\[kprobe:vfs_read\]: 500$/m);
  assert.match(out, /^@\[kretprobe:vfs_read\]: 500$/m);
});

test(
  'one kretprobe program serves all functions that a wildcard matches',
  { skip: noKprobes },
  async () => {
    const out = await traceReads('kretprobe:vfs_rea* /pid == $1/ { @[func] = sum(retval); }');
    assert.match(out, /^@\[vfs_read\]: 50000$/m);
  },
);

test('a kprobe takes a module, and wildcards in it', { skip: noKprobes }, async () => {
  const out = await traceReads('kprobe:vmlinu*:vfs_read /pid == $1/ { @[probe] = count(); }');
  assert.match(out, /^@\[kprobe:vmlinux:vfs_read\]: 500$/m);
});

test('a kprobe takes an address', { skip: noKprobes }, async () => {
  const line = /^([0-9a-f]+) T vfs_read$/m.exec(readFileSync('/proc/kallsyms', 'utf8'));
  const text = `kprobe:0x${line?.[1] ?? ''} /pid == $1/ { @ = count(); }`;
  assert.match(await traceReads(text, { unsafe: true }), /^@: 500$/m);
});

test('fentry takes wildcards', { skip: noFentry }, async () => {
  const out = await traceReads('fentry:vfs_rea* /pid == $1/ { @[probe] = count(); }');
  assert.match(out, /^@\[fentry:vmlinux:vfs_read\]: 500$/m);
});

test('blocks on one function run in their order', { skip: noKprobes }, async () => {
  for (const kind of ['kprobe', 'kretprobe', 'fentry', 'fexit']) {
    const out = await traceReads(
      `${kind}:vfs_read /pid == $1/ { @last = 1; } ${kind}:vfs_read /pid == $1/ { @last = 2; }`,
    );
    assert.match(out, /^@last: 2$/m, kind);
  }
});

test(
  'a function that is not there is missing, and harmful ones cannot be had',
  { skip: noKprobes },
  async () => {
    const missing = await run('kprobe:vfs_reed { }');
    assert.match(missing.err, /WARNING: vfs_reed is not traceable/);
    assert.match(missing.err, /ERROR: No matches for kprobe vfs_reed\.$/m);
    assert.match((await run('kprobe:rcu_* { }')).err, /ERROR: Probe has no valid attach points\./);
    assert.match(
      (await run('kprobe:nonsense:vfs_read { }')).err,
      /ERROR: specified module nonsense in probe kprobe:nonsense:vfs_read is not loaded\./,
    );
  },
);
