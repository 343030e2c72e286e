/** An agent gone mad: a plain NATS client that publishes nonsense wherever agents and coordinators listen. */
import { SESSIONS_BUCKET, subjects } from '@bpfleet/protocol';
import { connect } from 'nats';

const JUNK: readonly Uint8Array[] = [
  new Uint8Array(0),
  new Uint8Array([0]),
  new Uint8Array(65_536).fill(255),
  new TextEncoder().encode('not json'),
  new TextEncoder().encode('null'),
  new TextEncoder().encode('[]'),
  new TextEncoder().encode('{"version":1}'),
  new TextEncoder().encode('{"version":1,"host":{},"sessions":"x","__proto__":{"a":1}}'),
  new TextEncoder().encode(`{"version":1,"host":"${'x'.repeat(10_000)}"}`),
  new TextEncoder().encode('['.repeat(50_000)),
];

/** Resolves when the server has all of it. @param session whose subjects are hit too */
export async function publishGarbage(nats: string, session: string): Promise<void> {
  const connection = await connect({ servers: nats, name: 'garbage' });
  try {
    const bucket = await connection.jetstream().views.kv(SESSIONS_BUCKET);
    for (const junk of JUNK) {
      for (const host of ['web-1', 'nobody']) {
        connection.publish(subjects.heartbeat(host), junk);
        connection.publish(subjects.report(session, host), junk);
        connection.publish(subjects.data(session, host), junk);
      }
      connection.publish(subjects.heartbeat('*'.repeat(300)), junk);
      connection.publish(subjects.coordinator, junk);
      connection.publish(`bpfleet.v1.session.${session}.nonsense`, junk);
      await bucket.put(`junk-${JUNK.indexOf(junk)}`, junk);
    }
    await connection.flush();
  } finally {
    await connection.close();
  }
}
