/** Sizes, places of members, and types in C. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cDeclaration,
  findMember,
  findMemberPath,
  memberNames,
  sizeOf,
} from '../../src/btf/index.ts';
import { tinyBtf } from './tiny-btf.ts';

const btf = tinyBtf();
const task = btf.findByName('task', 'struct') ?? 0;

const members = [
  ['pid', 0, 0, 'int pid'],
  ['in_iowait', 33, 3, 'unsigned int in_iowait'],
  ['flags', 64, 0, 'unsigned long flags'],
  ['comm', 64, 0, 'char comm[16]'],
  ['list', 192, 0, 'struct list list'],
  ['name', 256, 0, 'const char *name'],
  ['wake', 320, 0, 'int (*wake)(struct task *, ...)'],
] as const;

for (const [name, bitOffset, bitSize, declaration] of members) {
  test(`'${declaration}' is found at bit ${bitOffset}`, () => {
    const place = findMember(btf, task, name);
    assert.equal(place?.bitOffset, bitOffset);
    assert.equal(place.bitSize, bitSize);
    assert.equal(cDeclaration(btf, place.type, name), declaration);
  });
}

test('a path goes through nested structs and not through pointers', () => {
  assert.equal(findMemberPath(btf, task, ['list', 'next'])?.bitOffset, 192);
  assert.equal(findMemberPath(btf, task, ['list', 'prev']), undefined);
  assert.equal(findMemberPath(btf, task, ['name', 'x']), undefined);
});

test('the names of members include those of anonymous ones', () => {
  assert.deepEqual(memberNames(btf, task), [
    'pid',
    'on_cpu',
    'in_iowait',
    'flags',
    'comm',
    'list',
    'name',
    'wake',
  ]);
});

test('sizes go through typedefs, arrays and pointers; a function has none', () => {
  const size = (name: string): number => {
    const place = findMember(btf, task, name);
    return sizeOf(btf, place?.type ?? 0);
  };
  assert.equal(sizeOf(btf, btf.findByName('size_t', 'typedef') ?? 0), 8);
  assert.equal(size('comm'), 16);
  assert.equal(size('wake'), 8);
  assert.equal(sizeOf(btf, btf.findByName('read_task', 'func') ?? 0), 0);
  assert.equal(sizeOf(btf, 0), 0);
});
