/** The kernel's map of control groups, as pods and groups come and go. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ContainerFilter } from '@bpfleet/protocol';
import { CgroupFilter } from '../../src/containers/cgroup-filter.ts';
import { HostContainers } from '../../src/containers/host-containers.ts';
import { nothingMatches } from '../../src/containers/nothing-matches.ts';
import { PodTable } from '../../src/pods/pod-table.ts';

const ID = 'ab'.repeat(32);

describe('CgroupFilter', () => {
  let root = '';
  let containers: HostContainers;
  let told: string[] = [];
  const inMap = new Set<bigint>();
  const map = {
    update: (key: Uint8Array): void => {
      inMap.add(idOf(key));
    },
    delete: (key: Uint8Array): boolean => inMap.delete(idOf(key)),
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'bpfleet-filter-'));
    containers = new HostContainers(new PodTable(), root);
    inMap.clear();
    told = [];
  });
  afterEach(() => {
    containers.tree?.[Symbol.dispose]();
    rmSync(root, { recursive: true });
  });

  const follow = (filter: ContainerFilter, target = map): CgroupFilter =>
    new CgroupFilter(target, {
      filter,
      containers,
      onMatch: () => told.push('matched'),
      onFault: (message) => told.push(message),
    });
  const inode = (path: string): bigint => statSync(join(root, path), { bigint: true }).ino;

  test('begins with what is there, with all that is in it', () => {
    mkdirSync(join(root, 'web.service/inner'), { recursive: true });
    mkdirSync(join(root, 'db.service'));
    using _filter = follow({ cgroups: ['/web.service'] });
    assert.deepEqual(inMap, new Set([inode('web.service'), inode('web.service/inner')]));
    assert.deepEqual(told, ['matched']);
  });

  test('takes in a container as soon as somebody knows what it is called', () => {
    const uid = '6f8c1f4e-9d2b-4a57-8c3e-1b2a3c4d5e6f';
    mkdirSync(join(root, `pod${uid}/${ID}`), { recursive: true });
    using _filter = follow({ containers: ['nginx'] });
    assert.deepEqual([inMap.size, told], [0, []]);
    const pod = {
      uid,
      name: 'web-1',
      namespace: 'shop',
      labels: {},
      containers: { [ID]: 'nginx' },
    };
    containers.pods.apply({ changed: [pod], gone: [] });
    assert.deepEqual([...inMap], [inode(`pod${uid}/${ID}`)]);
    assert.deepEqual(told, ['matched']);
    // As a name that turns out to be another one.
    containers.pods.apply({ changed: [{ ...pod, containers: { [ID]: 'other' } }], gone: [] });
    assert.equal(inMap.size, 0);
  });

  test('says which group has no room', () => {
    mkdirSync(join(root, 'web.service'));
    const full = {
      ...map,
      update: (): void => {
        throw new Error('no space left');
      },
    };
    using _filter = follow({ cgroups: ['/web.service'] }, full);
    assert.deepEqual(told, ['processes of cgroup /web.service are not traced: no space left']);
  });

  test('refuses pods where only a part of the groups is to be seen', () => {
    assert.throws(() => follow({ pods: 'app=web' }), /mount the host's \/sys\/fs\/cgroup into it/);
  });

  test('says why nothing matches', () => {
    assert.equal(nothingMatches({ pods: '' }, 'all'), 'no matching pod');
    assert.match(nothingMatches({ namespace: 'a' }, 'none'), /follows no Kubernetes node/);
    assert.match(nothingMatches({ workload: 'ds/a' }, 'none-yet'), /API server has not answered/);
    assert.equal(nothingMatches({ containers: ['a'] }, 'none'), 'no matching container');
    assert.equal(nothingMatches({ cgroups: ['/a'] }, 'none'), 'no such cgroup');
  });
});

function idOf(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset).getBigUint64(0, true);
}
