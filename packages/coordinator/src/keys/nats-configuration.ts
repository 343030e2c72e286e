/** The configuration of a nats-server that lets each party of a fleet do what it needs, and nothing else. */
import { COORDINATORS_BUCKET, SESSIONS_BUCKET, STREAM, subjects } from '@bpfleet/protocol';

export interface NatsUser {
  readonly publicKey: string;
  readonly party:
    | { readonly kind: 'coordinator' | 'operator' }
    /** Without a pseudonym, of any host. */
    | { readonly kind: 'agent'; readonly pseudonym?: string };
}

export interface NatsConfiguration {
  /** Where it finds its certificate and keeps its streams. */
  readonly folder: string;
  readonly users: readonly NatsUser[];
}

interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const ENTRIES = `KV_${SESSIONS_BUCKET}`;
const STREAMS = [STREAM, ENTRIES, `KV_${COORDINATORS_BUCKET}`];

export function natsConfiguration({ folder, users }: NatsConfiguration): string {
  return `# Made by "bpfleet keys init". Whoever is not listed here is not let in.
listen: "0.0.0.0:4222"
tls {
  cert_file: "${folder}/nats.crt"
  key_file: "${folder}/nats.key"
}
jetstream {
  store_dir: "${folder}/jetstream"
  max_memory_store: 256MB
  max_file_store: 8GB
}
accounts {
  BPFLEET {
    jetstream { max_memory: 256MB, max_file: 8GB }
    users: [
${users.map(userText).join('\n')}
    ]
  }
}
`;
}

function userText({ publicKey, party }: NatsUser): string {
  const { publish, subscribe } = permissionsOf(publicKey, party);
  return `      # ${party.kind}
      {
        nkey: ${publicKey}
        permissions: {
          publish: { allow: ${JSON.stringify(publish)} }
          subscribe: { allow: ${JSON.stringify(subscribe)} }
        }
      }`;
}

/** Answers come to an inbox that is named by the user's key, so that nobody hears those of another. */
export function permissionsOf(publicKey: string, party: NatsUser['party']): Permissions {
  const inbox = `_INBOX_${publicKey}.>`;
  switch (party.kind) {
    case 'agent':
      return agentPermissions(inbox, party.pseudonym ?? '*');
    case 'coordinator':
      return {
        publish: [
          '$JS.API.INFO',
          '$JS.FC.>',
          ...STREAMS.flatMap((stream) => [
            ...['CREATE', 'UPDATE', 'INFO', 'PURGE', 'MSG.GET'].map(
              (call) => `$JS.API.STREAM.${call}.${stream}`,
            ),
            `$JS.API.CONSUMER.*.${stream}`,
            `$JS.API.CONSUMER.*.${stream}.>`,
            `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
            `$JS.API.DIRECT.GET.${stream}.>`,
          ]),
          `$KV.${SESSIONS_BUCKET}.>`,
          `$KV.${COORDINATORS_BUCKET}.>`,
          subjects.coordinator,
        ],
        subscribe: [inbox, subjects.heartbeats],
      };
    case 'operator':
      return {
        publish: [
          '$JS.API.INFO',
          '$JS.API.STREAM.NAMES',
          '$JS.API.STREAM.LIST',
          ...STREAMS.map((stream) => `$JS.API.STREAM.INFO.${stream}`),
        ],
        subscribe: [inbox, '_INBOX.>'],
      };
  }
}

/** Its own subjects; and of JetStream nothing but to be told what is asked of it. */
function agentPermissions(inbox: string, name: string): Permissions {
  return {
    publish: [
      `bpfleet.v1.agent.${name}.heartbeat`,
      `bpfleet.v1.session.*.report.${name}`,
      `bpfleet.v1.session.*.data.${name}`,
      `$JS.API.CONSUMER.CREATE.${ENTRIES}.*.$KV.${SESSIONS_BUCKET}.*`,
      `$JS.FC.${ENTRIES}.>`,
    ],
    subscribe: [inbox, subjects.coordinator],
  };
}
