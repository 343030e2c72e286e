/** What decides who is believed: sealed messages, signed orders, files of keys and of policies; and what Kubernetes says of pods. */
import assert from 'node:assert/strict';
import { subjects } from '@bpfleet/protocol';
import { cgroupIdentity } from '../../../packages/agent/src/containers/cgroup-identity.ts';
import { parsePolicy } from '../../../packages/agent/src/policy/parse-policy.ts';
import { PolicyError } from '../../../packages/agent/src/policy/policy-error.ts';
import { readPod } from '../../../packages/agent/src/pods/pod.ts';
import { parseRecord } from '../../../packages/coordinator/src/auth/token.ts';
import {
  KeyFileError,
  newKeys,
  OrderFault,
  parseAgentKeys,
  parseCoordinatorKeys,
  sealedHosts,
  sealedOrders,
  SealFault,
  signedOrders,
} from '../../../packages/protocol/src/seal/index.ts';
import { bytesOf, textOf, type FuzzTarget } from '../target.ts';

const KEYS = newKeys();
const coordinator = parseCoordinatorKeys(JSON.stringify(KEYS.coordinator));
const agent = parseAgentKeys(JSON.stringify(KEYS.agent));

const PLACE = 'bpfleet_sessions/s1';
const ORDER = signedOrders(coordinator).seal(PLACE, {
  counter: 7,
  expiresAtMs: 1_700_000_000_000,
  text: new TextEncoder().encode('{"version":1}'),
});
/** Sealed by whoever has the key of the fleet, as agents do, and signed by nobody. */
const UNSIGNED = agent.fleet.seal(PLACE, new Uint8Array(100));

const hosts = sealedHosts(agent.fleet);
const SUBJECT = subjects.heartbeat(hosts.nameOf('web-1'));
const MESSAGE = hosts.seal(SUBJECT, { host: 'web-1', body: new Uint8Array(40) });

function isOneOf(input: Uint8Array, ...known: readonly Uint8Array[]): boolean {
  return known.some((one) => Buffer.compare(one, input) === 0);
}

function openOrder(input: Uint8Array): void {
  const opened = sealedOrders(agent).open(PLACE, input);
  const refused = opened instanceof SealFault || opened instanceof OrderFault;
  assert.equal(refused, !isOneOf(input, ORDER));
  // What is inside of a seal that fits is made up by another agent.
  const inner = agent.fleet.seal(PLACE, input);
  assert.ok(sealedOrders(agent).open(PLACE, inner) instanceof OrderFault);
}

function openMessage(input: Uint8Array): void {
  const opened = hosts.open(SUBJECT, input, subjects.heartbeat);
  assert.equal(opened instanceof SealFault, !isOneOf(input, MESSAGE));
  const inner = hosts.open(SUBJECT, agent.fleet.seal(SUBJECT, input), subjects.heartbeat);
  if (!(inner instanceof SealFault)) assert.equal(inner.subject, subjects.heartbeat('web-1'));
}

const POLICY = `{
  "probes": { "allow": ["tracepoint", "kprobe"], "deny": ["iter", "watchpoint"] },
  "never": {
    "functions": ["crypto_*", "nf_tables:*"],
    "tracepoints": ["syscalls:sys_enter_keyctl"],
    "files": ["/usr/sbin/sshd", "/usr/lib/*/libcrypto.so.*"],
    "cgroups": ["/system.slice/vault*.service"]
  },
  "unsafe": false,
  "budget": { "cpu": "0.5%", "eventsPerSecond": 10000, "durationSeconds": 600 }
}
`;
const POD = {
  metadata: {
    uid: '1f0c2d5e-0000-4000-8000-000000000001',
    name: 'web-1',
    namespace: 'shop',
    labels: { app: 'web' },
    annotations: { 'kubernetes.io/config.hash': 'abc' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d4f8c7b9', controller: true }],
  },
  status: {
    containerStatuses: [
      { name: 'app', containerID: `containerd://${'a'.repeat(64)}`, lastState: { terminated: {} } },
    ],
  },
};
const TOKEN = {
  id: '0123456789ab',
  name: 'ci',
  role: 'viewer',
  sha256: 'a'.repeat(64),
  createdAtMs: 1_700_000_000_000,
  expiresAtMs: 1_800_000_000_000,
};
const CGROUPS = [
  `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1f0c2d5e_0000_4000_8000_000000000001.slice/cri-containerd-${'a'.repeat(64)}.scope`,
  `/kubepods/besteffort/pod1f0c2d5e-0000-4000-8000-000000000001/${'b'.repeat(64)}`,
  `/system.slice/docker-${'c'.repeat(64)}.scope`,
  `/machine.slice/libpod-${'d'.repeat(64)}.scope/container`,
];

function parsedJson(input: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(input));
  } catch {
    return undefined;
  }
}

export const TRUST: readonly FuzzTarget[] = [
  { name: 'orders', seeds: () => [ORDER, UNSIGNED], mutate: 'bytes', run: openOrder },
  { name: 'sealed-messages', seeds: () => [MESSAGE], mutate: 'bytes', run: openMessage },
  {
    name: 'key-files',
    seeds: () => bytesOf(JSON.stringify(KEYS.coordinator), JSON.stringify(KEYS.agent)),
    mutate: 'json',
    testRuns: 300,
    run: (input) => {
      for (const parse of [parseAgentKeys, parseCoordinatorKeys]) {
        try {
          parse(textOf(input));
        } catch (error) {
          if (!(error instanceof KeyFileError)) throw error;
          assert.ok(!error.message.includes(KEYS.coordinator.fleet.slice(0, 12)));
        }
      }
    },
  },
  {
    name: 'policies',
    seeds: () => bytesOf(POLICY, '{}'),
    mutate: 'text',
    run: (input) => void parsePolicy('policy.json', textOf(input)),
    refusals: [PolicyError],
  },
  {
    name: 'token-records',
    seeds: () => bytesOf(JSON.stringify(TOKEN)),
    mutate: 'json',
    run: (input) => void parseRecord(parsedJson(input)),
  },
  {
    name: 'pods',
    seeds: () => bytesOf(JSON.stringify(POD)),
    mutate: 'json',
    run: (input) => void readPod(parsedJson(input)),
  },
  {
    name: 'cgroups',
    seeds: () => bytesOf(...CGROUPS),
    mutate: 'text',
    run: (input) => void cgroupIdentity(textOf(input)),
  },
];
