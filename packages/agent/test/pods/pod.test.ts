/** Pods from the objects of an API server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPod } from '../../src/pods/pod.ts';
import { CONTAINER_ID, podObject, UID } from './pod-object.ts';

describe('readPod', () => {
  test('keeps who it is, who owns it, and its containers by id', () => {
    assert.deepEqual(readPod(podObject()), {
      uid: UID,
      name: 'web-5d4f8c7b9-x2k4p',
      namespace: 'shop',
      labels: { app: 'web', 'pod-template-hash': '5d4f8c7b9' },
      owner: { kind: 'ReplicaSet', name: 'web-5d4f8c7b9' },
      containers: { [CONTAINER_ID]: 'nginx' },
    });
  });

  test('goes by the hash that the cgroups of a static pod carry', () => {
    const hash = '8a7c6d0c1b2e3f405162738495a6b7c8';
    const object = podObject({ annotations: { 'kubernetes.io/config.hash': hash } });
    assert.equal(readPod(object)?.uid, hash);
  });

  test('knows init containers, debug containers, and the one before a restart', () => {
    const id = (digit: string): string => digit.repeat(64);
    const object = {
      ...podObject(),
      status: {
        initContainerStatuses: [{ name: 'migrate', containerID: `cri-o://${id('1')}` }],
        containerStatuses: [
          {
            name: 'app',
            containerID: `containerd://${id('3')}`,
            lastState: { terminated: { exitCode: 137, containerID: `containerd://${id('2')}` } },
          },
          { name: 'sidecar', state: { waiting: { reason: 'ContainerCreating' } } },
        ],
        ephemeralContainerStatuses: [{ name: 'debugger', containerID: `docker://${id('4')}` }],
      },
    };
    assert.deepEqual(readPod(object)?.containers, {
      [id('1')]: 'migrate',
      [id('2')]: 'app',
      [id('3')]: 'app',
      [id('4')]: 'debugger',
    });
  });

  test('refuses what is no pod', () => {
    for (const object of [undefined, null, 5, {}, { metadata: { name: 'x' } }, []]) {
      assert.equal(readPod(object), undefined);
    }
  });

  test('takes nothing on trust of what it does not need', () => {
    const object = podObject();
    const metadata = object['metadata'] as object;
    assert.deepEqual(
      readPod({
        metadata: { ...metadata, labels: { app: 'web', n: 5 }, ownerReferences: 'none' },
        status: [],
      }),
      {
        uid: UID,
        name: 'web-5d4f8c7b9-x2k4p',
        namespace: 'shop',
        labels: { app: 'web' },
        containers: {},
      },
    );
  });
});
