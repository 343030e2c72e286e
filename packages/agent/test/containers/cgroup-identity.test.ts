/** Container, pod and unit of paths as real hosts have them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cgroupIdentity, type CgroupIdentity } from '../../src/containers/cgroup-identity.ts';

const ID = 'c0ffee'.repeat(10) + 'beef';
const OTHER = '0123456789abcdef'.repeat(4);
const UID = '6f8c1f4e-9d2b-4a57-8c3e-1b2a3c4d5e6f';
const UID_ = UID.replaceAll('-', '_');
const STATIC = '8a7c6d0c1b2e3f405162738495a6b7c8';

const cases: readonly (readonly [path: string, identity: CgroupIdentity])[] = [
  // containerd under the kubelet, systemd driver, of each quality of service.
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    { podUid: UID, containerId: ID, runtime: 'containerd' },
  ],
  [
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    { podUid: UID, containerId: ID, runtime: 'containerd' },
  ],
  [
    `/kubepods.slice/kubepods-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    { podUid: UID, containerId: ID, runtime: 'containerd' },
  ],
  [`/kubepods.slice/kubepods-pod${UID_}.slice`, { podUid: UID }],
  // A static pod's uid is a hash of its file.
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${STATIC}.slice/cri-containerd-${ID}.scope`,
    { podUid: STATIC, containerId: ID, runtime: 'containerd' },
  ],
  // The driver `cgroupfs`, as k3s has it.
  [`/kubepods/burstable/pod${UID}/${ID}`, { podUid: UID, containerId: ID }],
  [`/kubepods/pod${UID}/${ID}`, { podUid: UID, containerId: ID }],
  // The kubelet says systemd and containerd cgroupfs.
  [
    `/system.slice/containerd.service/kubepods-besteffort-pod${UID_}.slice:cri-containerd:${ID}`,
    { podUid: UID, containerId: ID, runtime: 'containerd' },
  ],
  // CRI-O; a container's processes are one below where it uses crun.
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_}.slice/crio-${ID}.scope/container`,
    { podUid: UID, containerId: ID, runtime: 'cri-o' },
  ],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_}.slice/crio-conmon-${ID}.scope`,
    { podUid: UID },
  ],
  [`/system.slice/crio-conmon-${ID}.scope`, { unit: `crio-conmon-${ID}.scope` }],
  // Docker under the kubelet and alone, both drivers, rootless.
  [
    `/kubepods.slice/kubepods-pod${UID_}.slice/docker-${ID}.scope`,
    { podUid: UID, containerId: ID, runtime: 'docker' },
  ],
  [`/system.slice/docker-${ID}.scope`, { containerId: ID, runtime: 'docker' }],
  [`/docker/${ID}`, { containerId: ID }],
  [
    `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
    { containerId: ID, runtime: 'docker' },
  ],
  ['/system.slice/docker.service', { unit: 'docker.service' }],
  // Podman: by systemd, in a pod of its own, rootless, by cgroupfs.
  [`/machine.slice/libpod-${ID}.scope/container`, { containerId: ID, runtime: 'podman' }],
  [
    `/machine.slice/machine-libpod_pod_${OTHER}.slice/libpod-${ID}.scope`,
    { containerId: ID, runtime: 'podman' },
  ],
  [
    `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`,
    { containerId: ID, runtime: 'podman' },
  ],
  [`/libpod_parent/libpod-${ID}`, { containerId: ID, runtime: 'podman' }],
  [`/machine.slice/libpod-conmon-${ID}.scope`, { unit: `libpod-conmon-${ID}.scope` }],
  // containerd by hand.
  [`/system.slice/nerdctl-${ID}.scope`, { containerId: ID, runtime: 'containerd' }],
  [`/default/${ID}`, { containerId: ID }],
  [`/ecs/web/0f1e2d3c4b5a/${ID}`, { containerId: ID }],
  // kind: the node is a container of docker, and the pods are in it.
  [
    `/system.slice/docker-${OTHER}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    { podUid: UID, containerId: ID, runtime: 'containerd' },
  ],
  [
    `/docker/${OTHER}/kubelet/kubepods/besteffort/pod${UID}/${ID}`,
    { podUid: UID, containerId: ID },
  ],
  [
    `/system.slice/docker-${OTHER}.scope/kubelet.slice/kubelet.service`,
    { containerId: OTHER, runtime: 'docker' },
  ],
  // Docker in a pod: the inner container, and still that pod.
  [
    `/kubepods.slice/kubepods-pod${UID_}.slice/cri-containerd-${OTHER}.scope/docker/${ID}`,
    { podUid: UID, containerId: ID },
  ],
  // systemd in a container.
  [
    `/machine.slice/libpod-${ID}.scope/container/system.slice/nginx.service`,
    { containerId: ID, runtime: 'podman' },
  ],
  ['/lxc.payload.web/system.slice/ssh.service', { containerId: 'web', runtime: 'lxc' }],
  ['/machine.slice/machine-my\\x2ddebian.scope', { containerId: 'my-debian', runtime: 'machine' }],
  // The host's own.
  ['/system.slice/ssh.service', { unit: 'ssh.service' }],
  ['/system.slice/system-getty.slice/getty@tty1.service', { unit: 'getty@tty1.service' }],
  ['/system.slice/dev\\x2dhugepages.mount', { unit: 'dev-hugepages.mount' }],
  ['/user.slice/user-1000.slice/session-3.scope', { unit: 'session-3.scope' }],
  [
    '/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox.service',
    { unit: 'app-firefox.service' },
  ],
  ['/init.scope', { unit: 'init.scope' }],
  ['/system.slice', {}],
  ['/kubepods.slice/kubepods-burstable.slice', {}],
  ['/', {}],
  ['', {}],
  ['/podium/deadbeef', {}],
];

describe('cgroupIdentity', () => {
  for (const [path, identity] of cases) {
    test(`of ${path}`, () => assert.deepEqual(cgroupIdentity(path), identity));
  }
});
