/** A nats-server with the configuration of `bpfleet keys init`: each party can do its part, and a stolen key no more. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { COORDINATORS_BUCKET, SESSIONS_BUCKET, STREAM, subjects } from '@bpfleet/protocol';
import { parseAgentKeys } from '@bpfleet/protocol/seal';
import { connect, nkeyAuthenticator, nkeys, type NatsConnection } from 'nats';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { TestFleet } from '../support/test-fleet.ts';

const HOSTS = ['web-1', 'web-2'];

describe('NATS as keys init configures it', () => {
  let folder: string;
  let fleet: TestFleet;
  let stolen: NatsConnection;
  let nameOf: (host: string) => string;
  const refused: string[] = [];

  before(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'bpfleet-keys-')), 'keys');
    const { err, exitCode } = await new BpfleetProcess([
      ...['keys', 'init', folder, '--hosts', HOSTS.join(','), '--nats-names', '127.0.0.1'],
    ]).finished();
    assert.equal(exitCode, 0, err);
    const flags = (party: string, user: string): readonly string[] => [
      ...['--keys', join(folder, `${party}.json`), '--nats-ca', join(folder, 'ca.pem')],
      ...['--nats-nkey', join(folder, `${user}.nk`)],
    ];
    fleet = await TestFleet.start(
      Object.fromEntries(HOSTS.map((host) => [host, { flags: flags('agent', `agent.${host}`) }])),
      {
        nats: { configuration: join(folder, 'nats-server.conf') },
        coordinatorFlags: flags('coordinator', 'coordinator'),
      },
    );
    const keys = parseAgentKeys(await readFile(join(folder, 'agent.json'), 'utf8'));
    nameOf = (host) => keys.fleet.pseudonym(host);
    const seed = new TextEncoder().encode(
      (await readFile(join(folder, 'agent.web-1.nk'), 'utf8')).trim(),
    );
    const pair = nkeys.fromSeed(seed) as { getPublicKey(): string };
    stolen = await connect({
      servers: fleet.nats.url,
      tls: { caFile: join(folder, 'ca.pem') },
      authenticator: nkeyAuthenticator(seed),
      inboxPrefix: `_INBOX_${pair.getPublicKey()}`,
    });
    void (async () => {
      for await (const { permissionContext } of stolen.status()) {
        if (permissionContext !== undefined) {
          refused.push(`${permissionContext.operation} ${permissionContext.subject}`);
        }
      }
    })();
  });

  after(async () => {
    await stolen?.close();
    await fleet?.close();
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  it('lets the fleet work', async () => {
    const out = await fleet.output('run', '-e', 'BEGIN { printf("ran\\n"); exit(); }');
    assert.equal(out.match(/ran/g)?.length, HOSTS.length);
    assert.equal((await fleet.bpfleet('check', '-e', 'BEGIN { exit(); }')).exitCode, 0);
  });

  it('lets the key of one node neither speak for others nor hear them, nor ask JetStream for more', async () => {
    const other = nameOf('web-2');
    const publish = [
      subjects.heartbeat(other),
      subjects.data('s1', other),
      subjects.report('s1', other),
      subjects.coordinator,
      `$KV.${SESSIONS_BUCKET}.s1`,
      `$KV.${COORDINATORS_BUCKET}.c1`,
      `$JS.API.CONSUMER.CREATE.${STREAM}.x`,
      `$JS.API.CONSUMER.CREATE.${STREAM}.x.bpfleet.v1.session.>`,
      `$JS.API.CONSUMER.CREATE.KV_${SESSIONS_BUCKET}`,
      `$JS.API.CONSUMER.CREATE.KV_${SESSIONS_BUCKET}.x.$KV.${SESSIONS_BUCKET}.s1.0`,
      `$JS.API.CONSUMER.CREATE.KV_${COORDINATORS_BUCKET}.x.$KV.${COORDINATORS_BUCKET}.c1`,
      `$JS.API.STREAM.MSG.GET.${STREAM}`,
      `$JS.API.DIRECT.GET.${STREAM}`,
      `$JS.API.STREAM.MSG.GET.KV_${SESSIONS_BUCKET}`,
      `$JS.API.STREAM.PURGE.${STREAM}`,
      `$JS.API.STREAM.DELETE.${STREAM}`,
      `$JS.API.STREAM.CREATE.mine`,
      `$JS.API.STREAM.NAMES`,
    ];
    const subscribe = [
      '>',
      '_INBOX.>',
      '_INBOX_*.>',
      subjects.heartbeats,
      subjects.heartbeat(other),
      subjects.allSessions,
      subjects.data('s1', nameOf('web-1')),
      `$KV.${SESSIONS_BUCKET}.>`,
      '$JS.>',
    ];
    for (const subject of publish) stolen.publish(subject, '{}');
    for (const subject of subscribe) stolen.subscribe(subject, { callback: () => undefined });
    await stolen.flush();
    const wanted = [
      ...publish.map((subject) => `publish ${subject}`),
      ...subscribe.map((subject) => `subscription ${subject}`),
    ];
    await fleet.until('everything is refused', async () =>
      Promise.resolve(wanted.every((attempt) => refused.includes(attempt))),
    );
    assert.deepEqual([...new Set(refused)].toSorted(), wanted.toSorted());
  });

  it('lets nobody in without a key', async () => {
    const tls = { caFile: join(folder, 'ca.pem') };
    await assert.rejects(
      connect({ servers: fleet.nats.url, tls, reconnect: false }),
      /AUTHORIZATION/i,
    );
  });

  it('has keys that only their owner can read, and are never overwritten', async () => {
    const { mode } = await stat(join(folder, 'coordinator.json'));
    assert.equal(mode & 0o777, 0o600);
    const before = await readFile(join(folder, 'coordinator.json'), 'utf8');
    const again = await new BpfleetProcess(['keys', 'init', folder, '--agents-share']).finished();
    assert.notEqual(again.exitCode, 0);
    assert.match(again.err, /not empty; keys are never overwritten/);
    assert.equal(await readFile(join(folder, 'coordinator.json'), 'utf8'), before);
  });
});
