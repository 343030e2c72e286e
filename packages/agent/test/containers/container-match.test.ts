/** Which control groups a session is about. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ContainerFilter } from '@bpfleet/protocol';
import { ContainerDirectory } from '../../src/containers/container-directory.ts';
import { ContainerMatch } from '../../src/containers/container-match.ts';
import { PodTable } from '../../src/pods/pod-table.ts';
import type { Pod } from '../../src/pods/pod.ts';

const ROOT = '/sys/fs/cgroup';
const uid = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const id = (digit: string): string => digit.repeat(64);

function podOf(digit: string, more: Partial<Pod>): Pod {
  return {
    uid: uid(digit),
    name: `pod-${digit}`,
    namespace: 'shop',
    labels: {},
    containers: { [id(digit)]: 'app' },
    ...more,
  };
}

const PODS = [
  podOf('1', {
    labels: { app: 'web', 'pod-template-hash': 'abc' },
    owner: { kind: 'ReplicaSet', name: 'web-abc' },
  }),
  podOf('2', { namespace: 'test', labels: { app: 'web' } }),
  podOf('3', { owner: { kind: 'StatefulSet', name: 'db' }, labels: { app: 'db' } }),
  podOf('4', { owner: { kind: 'Job', name: 'backup-29012345' } }),
  podOf('5', {
    owner: { kind: 'ReplicaSet', name: 'web-front-def' },
    labels: { 'pod-template-hash': 'def' },
  }),
];
const path = (digit: string): string => `/kubepods/burstable/pod${uid(digit)}/${id(digit)}`;
const OF_HOST = ['/system.slice/ssh.service', '/', '/system.slice'];

describe('ContainerMatch', () => {
  const pods = new PodTable();
  pods.replace(PODS);
  const directory = new ContainerDirectory(undefined, pods, '/nowhere');

  const match = (filter: ContainerFilter, of: string): string =>
    new ContainerMatch(filter, pods, directory, ROOT).of(of);
  const matching = (filter: ContainerFilter): string =>
    ['1', '2', '3', '4', '5'].filter((digit) => match(filter, path(digit)) === 'yes').join('');

  for (const [filter, expected] of [
    [{ pods: 'app=web' }, '12'],
    [{ pods: 'app=web', namespace: 'shop' }, '1'],
    [{ namespace: 'test' }, '2'],
    [{ pods: '!app' }, '45'],
    [{ pods: '' }, '12345'],
    [{ workload: 'deploy/web' }, '1'],
    [{ workload: 'deploy/web-front' }, '5'],
    [{ workload: 'rs/web-abc' }, '1'],
    [{ workload: 'sts/db' }, '3'],
    [{ workload: 'sts/web' }, ''],
    [{ workload: 'job/backup-29012345' }, '4'],
    [{ workload: 'cronjob/backup' }, '4'],
    [{ workload: 'cronjob/back' }, ''],
    [{ workload: 'pod/pod-2' }, '2'],
    [{ workload: 'sts/db', namespace: 'other' }, ''],
    [{ pods: 'app=web', containers: ['app'] }, '12'],
    [{ pods: 'app=web', containers: ['sidecar'] }, ''],
    [{ containers: ['app', 'other'] }, '12345'],
    [{ containers: [id('3').slice(0, 12)] }, '3'],
    [{ containers: [id('3').slice(0, 11)] }, ''],
    [{ cgroups: [`/kubepods/burstable/pod${uid('4')}`] }, '4'],
    [{ cgroups: [`${ROOT}/kubepods/burstable/`], pods: 'app=db' }, '3'],
  ] as const) {
    test(`${JSON.stringify(filter)} is of ${expected === '' ? 'none' : expected}`, () => {
      assert.equal(matching(filter), expected);
      const own = filter as ContainerFilter;
      for (const host of OF_HOST) assert.equal(match(own, host), 'no', host);
    });
  }

  test('takes in the group of the pod itself, and groups within containers', () => {
    assert.equal(match({ pods: 'app=db' }, `/kubepods/burstable/pod${uid('3')}`), 'yes');
    assert.equal(match({ containers: ['app'] }, `${path('3')}/init.scope`), 'yes');
    assert.equal(match({ containers: ['app'] }, `/kubepods/burstable/pod${uid('3')}`), 'no');
  });

  test('waits for the name of a container that nobody knows yet', () => {
    const unknown = `/kubepods/burstable/pod${uid('3')}/${id('9')}`;
    assert.equal(match({ pods: 'app=db', containers: ['app'] }, unknown), 'later');
    assert.equal(match({ pods: 'app=web', containers: ['app'] }, unknown), 'no');
  });

  test('has nothing of pods that the server has not told of', () => {
    assert.equal(match({ pods: '' }, path('8')), 'no');
  });

  test('takes units of systemd for containers, and no other path that begins alike', () => {
    assert.equal(match({ containers: ['ssh.service'] }, '/system.slice/ssh.service'), 'yes');
    assert.equal(match({ cgroups: ['/system.slice/ssh'] }, '/system.slice/ssh.service'), 'no');
  });

  test('refuses what is no filter', () => {
    assert.throws(() => match({ workload: 'web' }, '/'), RangeError);
    assert.throws(() => match({ pods: 'a b' }, '/'), RangeError);
  });
});
