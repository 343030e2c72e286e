/** A NATS that is not trusted, with all of it at the attacker's hands: what it can read, and what it can make of it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { encodeJson, SESSIONS_BUCKET, subjects, type DesiredSession } from '@bpfleet/protocol';
import {
  newKeys,
  ORDER_LIFETIME_MS,
  parseAgentKeys,
  parseCoordinatorKeys,
  sealedHosts,
  signedOrders,
  type AgentKeys,
  type CoordinatorKeys,
} from '@bpfleet/protocol/seal';
import { connect, type NatsConnection } from 'nats';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { THREE_HOSTS, TestFleet } from '../support/test-fleet.ts';

const PROGRAM = 'BEGIN { printf("the-secret-of-%s\\n", "this-host"); exit(); }';
const HOSTS = Object.keys(THREE_HOSTS);

describe('a fleet with keys on a NATS that anybody may use', () => {
  let fleet: TestFleet;
  let folder: string;
  let thief: NatsConnection;
  let keys: AgentKeys;
  let coordinatorKeys: CoordinatorKeys;
  const heard: { readonly subject: string; readonly body: Uint8Array }[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-keys-'));
    const { agent, coordinator } = newKeys();
    keys = parseAgentKeys(JSON.stringify(agent));
    coordinatorKeys = parseCoordinatorKeys(JSON.stringify(coordinator));
    await writeFile(join(folder, 'agent.json'), JSON.stringify(agent));
    await writeFile(join(folder, 'coordinator.json'), JSON.stringify(coordinator));
    const flags = ['--keys', join(folder, 'agent.json')];
    fleet = await TestFleet.start(
      Object.fromEntries(
        Object.entries(THREE_HOSTS).map(([host, options]) => [host, { ...options, flags }]),
      ),
      { coordinatorFlags: ['--keys', join(folder, 'coordinator.json')] },
    );
    thief = await connect({ servers: fleet.nats.url });
    thief.subscribe('>', {
      callback: (_error, { subject, data }) => heard.push({ subject, body: data }),
    });
    await thief.flush();
  });

  after(async () => {
    await thief?.close();
    await fleet?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs programs as ever', async () => {
    const out = await fleet.output('run', '-e', PROGRAM);
    assert.equal(out.match(/the-secret-of-this-host/g)?.length, HOSTS.length);
  });

  it('shows NATS neither programs nor results nor the names of hosts', () => {
    assert.ok(heard.some(({ subject }) => subject.includes('.data.')));
    for (const { subject, body } of heard) {
      const text = `${subject} ${new TextDecoder().decode(body)}`;
      for (const secret of ['the-secret', 'BEGIN', 'role', ...HOSTS]) {
        assert.ok(!text.includes(secret), `${secret} in ${subject}`);
      }
    }
  });

  const place = (id: string): string => `$KV.${SESSIONS_BUCKET}.${id}`;
  const put = async (id: string, bytes: Uint8Array): Promise<void> => {
    await thief.jetstream().publish(place(id), bytes);
  };
  const session = (id: string): Uint8Array => {
    const desired: DesiredSession = {
      version: 1,
      id,
      program: 'BEGIN { printf("forged\\n"); }',
      sourceName: 'stdin',
      parameters: [],
      selector: { hosts: [], labels: {} },
      unsafe: true,
      state: 'run',
      createdAtMs: Date.now(),
      who: 'nobody',
    };
    return new TextEncoder().encode(encodeJson(desired));
  };
  const agentsSay = async (id: string, reason: string): Promise<void> => {
    const said = new RegExp(`refused session ${id}: [^"]*${reason}`);
    await Promise.all(HOSTS.map(async (host) => fleet.agent(host).printed(said)));
    for (const host of HOSTS) assert.deepEqual(fleet.runners(host), []);
  };

  it('runs nothing that nobody signed, also for one who has the key of a node', async () => {
    await put('clear', session('clear'));
    await agentsSay('clear', 'it is not sealed');
    const other = parseCoordinatorKeys(JSON.stringify(newKeys().coordinator));
    const order = { counter: Date.now(), expiresAtMs: Date.now() + 1000, text: session('forged') };
    await put('foreign', signedOrders(other).seal(place('foreign'), order));
    await agentsSay('foreign', 'sealed with fleet key');
    const node = { ...other, fleet: keys.fleet };
    await put('forged', signedOrders(node).seal(place('forged'), order));
    await agentsSay('forged', 'signed it, and this process was given');
  });

  it('runs nothing that has expired, was altered, or was meant for another session', async () => {
    const ours = signedOrders(coordinatorKeys);
    const atMs = Date.now() - 2 * ORDER_LIFETIME_MS;
    const old = { counter: 1, expiresAtMs: atMs, text: session('old') };
    await put('old', ours.seal(place('old'), old));
    await agentsSay('old', 'it expired');
    const order = { ...old, expiresAtMs: Date.now() + ORDER_LIFETIME_MS, text: session('bit') };
    const altered = ours.seal(place('bit'), order);
    altered[60] = (altered[60] ?? 0) ^ 1;
    await put('bit', altered);
    await agentsSay('bit', 'it was altered');
    await put('moved', ours.seal(place('bit'), order));
    await agentsSay('moved', 'it was altered, or sealed for another subject');
  });

  it('runs no session again whose orders are sent once more', async () => {
    heard.length = 0;
    await fleet.output('run', '-e', PROGRAM);
    const orders = heard.filter(({ subject }) => /^\$KV\.bpfleet_sessions\.[^.]+$/.test(subject));
    const [first] = orders;
    assert.ok(first !== undefined && orders.length > 1);
    await thief.jetstream().publish(first.subject, first.body);
    await agentsSay(first.subject.split('.')[2] ?? '', 'somebody sent it again');
  });

  it('refuses what one host has said where another speaks', async () => {
    const hosts = sealedHosts(keys.fleet);
    const from = subjects.heartbeat(hosts.nameOf('web-1'));
    const own = heard.find(({ subject }) => subject === from);
    assert.ok(own !== undefined);
    thief.publish(subjects.heartbeat(hosts.nameOf('db-1')), own.body);
    await fleet.coordinator.printed(/refused what host db-1 sends: it was altered, or sealed for/);
  });

  it('says on both sides when their keys do not fit', async () => {
    const { agent } = newKeys();
    await writeFile(join(folder, 'other.json'), JSON.stringify(agent));
    const argv = ['agent', '--nats', fleet.nats.url, '--host', 'stranger'];
    const stranger = new BpfleetProcess([...argv, '--keys', join(folder, 'other.json')]);
    const clear = new BpfleetProcess(argv);
    try {
      await stranger.printed(/refused the heartbeat of a coordinator: it is sealed with fleet key/);
      await clear.printed(/refused the heartbeat of a coordinator: .*without --keys/);
      await fleet.coordinator.printed(/sends: it is sealed with fleet key .*bpfleet keys init/);
      await fleet.coordinator.printed(/refused what host stranger sends: it is not sealed/);
    } finally {
      await Promise.all([stranger.kill('SIGTERM'), clear.kill('SIGTERM')]);
    }
  });

  it('is not joined over a network without keys', async () => {
    const argv = ['agent', '--nats', 'nats://192.0.2.1:4222'];
    const { err, exitCode } = await new BpfleetProcess(argv).finished();
    assert.notEqual(exitCode, 0);
    assert.match(err, /not on this machine: .*--keys .*--trust-nats/);
  });
});
