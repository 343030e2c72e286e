/** The tree of control groups, in directories that stand for cgroupfs. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { cgroupRoot, CgroupTree } from '../../src/containers/cgroup-tree.ts';

const root = mkdtempSync(join(tmpdir(), 'bpfleet-cgroups-'));
after(() => rmSync(root, { recursive: true }));

const inode = (path: string): bigint => statSync(root + path, { bigint: true }).ino;

describe('CgroupTree', () => {
  test('knows what is there, by id', () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    using tree = new CgroupTree(root);
    assert.equal(tree.pathOf(inode('')), '/');
    assert.equal(tree.pathOf(inode('/a/b')), '/a/b');
    assert.equal(tree.pathOf(0n), undefined);
    assert.equal(tree.isWhole, false, 'its root is no root of cgroupfs');
  });

  test('tells what is made, with all that is in it, and what goes', async () => {
    using tree = new CgroupTree(root);
    const told: string[] = [];
    let wake = (): void => undefined;
    tree.follow(({ path }, event) => {
      told.push(`${event} ${path}`);
      wake();
    });
    const until = async (...expected: readonly string[]): Promise<void> => {
      while (!expected.every((each) => told.includes(each))) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    // Nothing else keeps the test waiting for what the kernel tells.
    const alive = setInterval(() => undefined, 1000);
    try {
      mkdirSync(join(root, 'pod/container'), { recursive: true });
      await until('made /pod', 'made /pod/container');
      const id = inode('/pod/container');
      mkdirSync(join(root, 'pod/container/deep'));
      await until('made /pod/container/deep');
      rmdirSync(join(root, 'pod/container/deep'));
      rmdirSync(join(root, 'pod/container'));
      await until('gone /pod/container/deep', 'gone /pod/container');
      assert.equal(tree.pathOf(id), '/pod/container', 'what is gone has a name');
      assert.equal(
        [...tree.live].some((cgroup) => cgroup.id === id),
        false,
      );
    } finally {
      clearInterval(alive);
    }
  });

  test('looks again for an id that is new', () => {
    using tree = new CgroupTree(root);
    mkdirSync(join(root, 'later'));
    assert.equal(tree.pathOf(inode('/later')), '/later');
  });
});

describe('cgroupRoot', () => {
  test('is where version 2 is mounted, wherever that is', () => {
    const mounts = `tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid 0 0
`;
    assert.equal(cgroupRoot(mounts), '/sys/fs/cgroup/unified');
  });

  test('is nothing where there is version 1 alone', () => {
    assert.equal(cgroupRoot('cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n'), undefined);
  });
});
