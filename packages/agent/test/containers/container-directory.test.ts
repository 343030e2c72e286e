/** Names of containers and pods: what the API knows, what runtimes write, and what there is without either. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ContainerDirectory } from '../../src/containers/container-directory.ts';
import { PodTable } from '../../src/pods/pod-table.ts';
import type { Pod } from '../../src/pods/pod.ts';

const ID = 'ab'.repeat(32);
const UID = '6f8c1f4e-9d2b-4a57-8c3e-1b2a3c4d5e6f';
const POD_PATH = `/kubepods/burstable/pod${UID}/${ID}`;
const POD: Pod = {
  uid: UID,
  name: 'web-1',
  namespace: 'shop',
  labels: {},
  containers: { [ID]: 'nginx' },
};

describe('ContainerDirectory', () => {
  let root = '';
  let pods = new PodTable();
  let directory = new ContainerDirectory(undefined, pods, root);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'bpfleet-host-'));
    pods = new PodTable();
    directory = new ContainerDirectory(undefined, pods, root);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (path: string, json: unknown): void => {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, JSON.stringify(json));
  };
  const owner = (path: string): string => {
    const { container, pod, namespace, isPending } = directory.ownerOfPath(path);
    return `${namespace}/${pod}/${container}${isPending ? ' pending' : ''}`;
  };

  test('names what the API server has told of', () => {
    pods.replace([POD]);
    assert.equal(owner(POD_PATH), 'shop/web-1/nginx');
    assert.equal(owner(dirname(POD_PATH)), 'shop/web-1/');
  });

  test('still names pods that are gone', () => {
    pods.replace([POD]);
    pods.replace([]);
    assert.equal(owner(POD_PATH), 'shop/web-1/nginx');
  });

  test('says ids until somebody has told names', () => {
    assert.equal(owner(POD_PATH), `/${UID}/${ID.slice(0, 12)} pending`);
    pods.replace([{ ...POD, containers: {} }]);
    assert.equal(owner(POD_PATH), `shop/web-1/${ID.slice(0, 12)} pending`);
    pods.apply({ changed: [POD], gone: [] });
    assert.equal(owner(POD_PATH), 'shop/web-1/nginx');
  });

  test('reads what containerd was told by the kubelet', () => {
    write(`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`, {
      ociVersion: '1.1.0',
      annotations: {
        'io.kubernetes.cri.container-type': 'container',
        'io.kubernetes.cri.container-name': 'nginx',
        'io.kubernetes.cri.sandbox-name': 'web-1',
        'io.kubernetes.cri.sandbox-namespace': 'shop',
      },
    });
    assert.equal(owner(POD_PATH), 'shop/web-1/nginx');
  });

  test('calls the container that holds a pod together POD', () => {
    write(`/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`, {
      annotations: {
        'io.kubernetes.cri.container-type': 'sandbox',
        'io.kubernetes.cri.sandbox-name': 'web-1',
        'io.kubernetes.cri.sandbox-namespace': 'shop',
      },
    });
    assert.equal(owner(POD_PATH), 'shop/web-1/POD');
  });

  test('reads what CRI-O was told', () => {
    write(`/run/containers/storage/overlay-containers/${ID}/userdata/config.json`, {
      annotations: {
        'io.kubernetes.cri-o.ContainerType': 'container',
        'io.kubernetes.container.name': 'app',
        'io.kubernetes.pod.name': 'db-0',
        'io.kubernetes.pod.namespace': 'shop',
      },
    });
    assert.equal(owner(POD_PATH), 'shop/db-0/app');
  });

  test('names containers of docker and podman', () => {
    write(`/var/lib/docker/containers/${ID}/config.v2.json`, {
      ID,
      Name: '/redis',
      Config: { Labels: {} },
    });
    assert.equal(owner(`/system.slice/docker-${ID}.scope`), '//redis');
    const other = 'cd'.repeat(32);
    write('/var/lib/containers/storage/overlay-containers/containers.json', [
      { id: 'ef'.repeat(32), names: ['other'] },
      { id: other, names: ['postgres'], image: 'x' },
    ]);
    assert.equal(owner(`/machine.slice/libpod-${other}.scope/container`), '//postgres');
  });

  test('names units of systemd, and nothing of what is in none', () => {
    assert.equal(owner('/system.slice/ssh.service'), '//ssh.service');
    assert.equal(owner('/system.slice'), '//');
  });

  test('is not misled by a file that is no JSON', () => {
    mkdirSync(join(root, `/var/lib/docker/containers/${ID}`), { recursive: true });
    writeFileSync(join(root, `/var/lib/docker/containers/${ID}/config.v2.json`), '{');
    assert.equal(owner(`/docker/${ID}`), `//${ID.slice(0, 12)} pending`);
  });
});
