/** The running kernel's own BTF. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  Btf,
  cDeclaration,
  cDefinition,
  cTypeName,
  findMember,
  findMemberPath,
  functionArgs,
  resolve,
  sizeOf,
} from '../../src/btf/index.ts';

const path = '/sys/kernel/btf/vmlinux';
const options = { skip: existsSync(path) ? false : `${path} is missing` };

const open = (): Btf => new Btf(readFileSync(path));

test(
  'every type of the running kernel can be decoded, measured, named and defined',
  options,
  () => {
    const btf = open();
    assert.ok(btf.typeCount > 10_000);
    for (let id = 0; id < btf.typeCount; id++) {
      cTypeName(btf, id);
      cDefinition(btf, id);
      sizeOf(btf, id);
    }
  },
);

test('task_struct has a pid and a nested exec time', options, () => {
  const btf = open();
  const task = btf.findByName('task_struct', 'struct') ?? 0;
  const pid = findMember(btf, task, 'pid');
  assert.equal(cDeclaration(btf, pid?.type ?? 0, 'pid'), 'pid_t pid');
  const int = resolve(btf, pid?.type ?? 0);
  assert.equal(int.kind === 'int' && int.sizeBytes, 4);
  const runtime = findMemberPath(btf, task, ['se', 'sum_exec_runtime']);
  assert.equal((runtime?.bitOffset ?? 1) % 64, 0);
  assert.ok((runtime?.bitOffset ?? 0) < sizeOf(btf, task) * 8);
});

test('the parameters of vfs_read are known', options, () => {
  const btf = open();
  const signature = functionArgs(btf, 'vfs_read');
  assert.deepEqual(
    signature?.params.map(({ name, type }) => cDeclaration(btf, type, name)),
    ['struct file *file', 'char *buf', 'size_t count', 'loff_t *pos'],
  );
  assert.equal(cTypeName(btf, signature?.returnType ?? 0), 'ssize_t');
});
