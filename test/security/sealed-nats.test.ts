/** A NATS that is not trusted, with all of it at the attacker's hands: what it can read, and what it can make of it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { newKeys } from '@bpfleet/protocol/seal';
import { connect, type NatsConnection } from 'nats';
import { THREE_HOSTS, TestFleet } from '../support/test-fleet.ts';

const PROGRAM = 'BEGIN { printf("the-secret-of-%s\\n", "this-host"); exit(); }';
const HOSTS = Object.keys(THREE_HOSTS);

describe('a fleet with keys on a NATS that anybody may use', () => {
  let fleet: TestFleet;
  let folder: string;
  let thief: NatsConnection;
  const heard: { readonly subject: string; readonly body: Uint8Array }[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-keys-'));
    const { agent, coordinator } = newKeys();
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
});
