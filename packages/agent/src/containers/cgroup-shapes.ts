/**
 * How container runtimes, the kubelet and systemd name the directories of their control groups: one record a shape. All look
 * at one component of a path, which is the same in version 1 and 2.
 */

/** What one component of a path says; the innermost that says something counts, for each of these apart. */
export interface CgroupPart {
  /** As the runtime knows it: 64 hexadecimal digits, or a name where it goes by names. */
  readonly containerId?: string;
  readonly runtime?: string;
  /** As the API writes it. */
  readonly podUid?: string;
  /** Of systemd, with its suffix. */
  readonly unit?: string;
}

export interface CgroupShape {
  /** Where it is found, for a reader of this table. */
  readonly example: string;
  readonly pattern: RegExp;
  /** `groups` are those of the pattern. */
  readonly means: (groups: Readonly<Record<string, string | undefined>>) => CgroupPart;
}

/** Prefixes of scopes that hold a container: `cri-containerd-<id>.scope`. */
const SCOPED_RUNTIMES: Readonly<Record<string, string>> = {
  'cri-containerd': 'containerd',
  containerd: 'containerd',
  nerdctl: 'containerd',
  crio: 'cri-o',
  docker: 'docker',
  libpod: 'podman',
};

const ID = '(?<id>[0-9a-f]{64})';
const POD =
  'pod(?<uid>[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})';

const container = (containerId = '', runtime = ''): CgroupPart => ({
  containerId,
  ...(runtime === '' ? {} : { runtime }),
});
const pod = (uid = ''): CgroupPart => ({ podUid: uid.replaceAll('_', '-') });

export const CGROUP_SHAPES: readonly CgroupShape[] = [
  {
    example:
      'crio-conmon-<id>.scope, libpod-conmon-<id>.scope: who watches a container, on the host',
    pattern: /^(?<unit>(?:crio|libpod)-conmon-[0-9a-f]{64}\.scope)$/,
    means: ({ unit = '' }) => ({ unit }),
  },
  {
    example: 'cri-containerd-<id>.scope, docker-<id>.scope, libpod-<id>',
    pattern: new RegExp(`^(?<prefix>[a-z][a-z-]*)-${ID}(?:\\.scope)?$`),
    means: ({ prefix = '', id }) => container(id, SCOPED_RUNTIMES[prefix] ?? prefix),
  },
  {
    example: 'kubepods-burstable-pod<uid>.slice:cri-containerd:<id>, of two drivers that disagree',
    pattern: new RegExp(`^[^:]*${POD}[^:]*:(?<prefix>[^:]+):${ID}$`),
    means: ({ uid, prefix = '', id }) => ({
      ...pod(uid),
      ...container(id, SCOPED_RUNTIMES[prefix] ?? prefix),
    }),
  },
  {
    example: 'system.slice:docker:<id>',
    pattern: new RegExp(`^[^:]*:(?<prefix>[^:]+):${ID}$`),
    means: ({ prefix = '', id }) => container(id, SCOPED_RUNTIMES[prefix] ?? prefix),
  },
  {
    example:
      '<id>, by the driver `cgroupfs`, below /docker, /kubepods/…/pod<uid>, /default, /ecs/…',
    pattern: new RegExp(`^${ID}$`),
    means: ({ id }) => container(id),
  },
  {
    example: 'kubepods-burstable-pod<uid>.slice, kubelet-kubepods-pod<uid>.slice, pod<uid>',
    pattern: new RegExp(`^(?:(?:[a-z]+-)*kubepods-(?:[a-z]+-)?)?${POD}(?:\\.slice)?$`),
    means: ({ uid }) => pod(uid),
  },
  {
    example: 'lxc.payload.web, of LXC, LXD and Incus',
    pattern: /^lxc\.payload\.(?<name>.+)$/,
    means: ({ name }) => container(name, 'lxc'),
  },
  {
    example: 'machine-web.scope, of systemd-nspawn and libvirt',
    pattern: /^machine-(?<name>.+)\.scope$/,
    means: ({ name = '' }) => container(unescapeUnit(name), 'machine'),
  },
  {
    example: 'ssh.service, session-3.scope, init.scope',
    pattern: /^(?<unit>.+\.(?:service|scope|socket|mount|swap))$/,
    means: ({ unit = '' }) => ({ unit: unescapeUnit(unit) }),
  },
];

/** `\x2d` of systemd is `-`. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
