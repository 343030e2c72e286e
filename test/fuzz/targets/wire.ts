/** What agents send: frames, schemas, reports, heartbeats; and what coordinators write for each other and for agents. */
import {
  decodeEvent,
  decodeFrame,
  encodeFrame,
  encodeJson,
  encodeMapValue,
  FleetView,
  FrameError,
  noNames,
  parseDesiredSession,
  parseCoordinatorBeat,
  parseCoordinatorInfo,
  parseHeartbeat,
  parseHostReport,
  parseMapValue,
  parseRunRequest,
  parseSchema,
  renderJson,
  renderText,
  type OutputItem,
  type Schema,
} from '@bpfleet/protocol';
import { Fleet } from '../../../packages/coordinator/src/fleet/fleet.ts';
import { readSessionMessage } from '../../../packages/coordinator/src/session/session-content.ts';
import {
  decodeCheck,
  decodeStored,
  pagesOf,
} from '../../../packages/coordinator/src/session/stored-session.ts';
import { FRAMES, SCHEMA, sentBy } from '../../../packages/coordinator/test/support/every-frame.ts';
import { checksum } from '../../../packages/protocol/src/frame/checksum.ts';
import { bytesOf, textOf, type FuzzTarget } from '../target.ts';
import { RICH_RECORDS, RICH_SCHEMA } from './rich-schema.ts';
import {
  A_BEAT,
  A_HEARTBEAT,
  A_REQUEST,
  A_SESSION,
  A_STORED_SESSION,
  COORDINATOR_INFO,
  REPORTS,
} from './messages.ts';

const SESSION = 's1';
const SENT = sentBy(SESSION, 'web-1', 1000, FRAMES);
const CHECKSUM_BYTES = 4;

/** Frames without their checksums, each behind its length: chance would find no checksum. */
function packed(frames: readonly Uint8Array[]): Uint8Array {
  const parts = frames.flatMap((frame) => {
    const body = frame.subarray(0, -CHECKSUM_BYTES);
    return [Uint8Array.of(body.length & 0xff, body.length >> 8), body];
  });
  return Buffer.concat(parts);
}

function* unpacked(input: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + 2 <= input.length;) {
    const length = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8);
    const body = input.subarray(at + 2, at + 2 + length);
    const frame = new Uint8Array(body.length + CHECKSUM_BYTES);
    frame.set(body);
    new DataView(frame.buffer).setUint32(body.length, checksum(body), true);
    yield frame;
    at += 2 + length;
  }
}

function show(items: readonly OutputItem[]): void {
  for (const item of items) {
    renderText(item, { hostColumn: 8, escape: true });
    renderText(item);
    const line = renderJson(item);
    if (line !== '') JSON.parse(line);
  }
}

/** As a coordinator and a terminal treat them: checked, merged, printed. */
function receiveFrames(input: Uint8Array): void {
  const view = new FleetView(SCHEMA, { fleet: true });
  view.addSchema('h', SCHEMA);
  for (const body of unpacked(input)) {
    const message = { kind: 'data', subject: '', body, streamSequence: 1 } as const;
    readSessionMessage(SESSION, { ...message, storedAtMs: 0, following: 0 });
    const decoded = decodeFrame(body);
    if (decoded instanceof FrameError) continue;
    view.apply(decoded.header, decoded.frame);
    view.summary(decoded.header.host);
  }
  view.losses();
  show([...view.release(1n << 62n), ...view.flush(), ...view.maps()]);
}

/** Records that fit the schema, and those that the schema's sender made up. */
function useSchema(input: Uint8Array): void {
  const schema = parseSchema(input);
  if (schema === undefined) return;
  const zeros = new Uint8Array(512);
  for (const record of [...RICH_RECORDS, zeros]) decodeEvent(schema, record, noNames);
  const view = new FleetView(SCHEMA, { fleet: true });
  view.addSchema('h', schema);
  const records = schema.events.map((_, event) => recordOf(event, zeros));
  const events = { kind: 'events', records: [...records, ...RICH_RECORDS] } as const;
  for (const { header, frame } of sentBy(SESSION, 'web-1', 1, [...FRAMES, events])) {
    view.apply(header, frame);
  }
  show([...view.flush(), ...view.maps()]);
}

function recordOf(event: number, fields: Uint8Array): Uint8Array {
  const record = new Uint8Array(24 + fields.length);
  new DataView(record.buffer).setUint32(16, event, true);
  return record;
}

function useHeartbeat(input: Uint8Array): void {
  const heartbeat = parseHeartbeat(input);
  if (heartbeat === undefined) return;
  const fleet = new Fleet();
  fleet.heartbeat(heartbeat, 1_700_000_000_000_000_000n);
  fleet.heartbeat(heartbeat, 1_700_000_001_000_000_000n);
  encodeJson(fleet.hosts(1_700_000_001_000));
  fleet.clock(heartbeat.host);
  fleet.select({ hosts: [heartbeat.host], labels: heartbeat.labels }, 1_700_000_001_000);
}

function readReport(input: Uint8Array): void {
  const report = parseHostReport(input);
  const message = { kind: 'report', subject: '', body: input, streamSequence: 1 } as const;
  readSessionMessage(report?.session ?? '', { ...message, storedAtMs: 0, following: 0 });
}

function readSession(input: Uint8Array): void {
  parseDesiredSession(input);
  const body = textOf(input);
  decodeCheck(body);
  pagesOf(body);
  const page = `{"hosts":[["web-1",{"selected":true}]]}`;
  for (const pages of [[page], [body]]) decodeStored({ body, pages });
}

function json(
  name: string,
  seeds: readonly unknown[],
  run: (input: Uint8Array) => unknown,
): FuzzTarget {
  const texts = seeds.map((seed) => encodeJson(seed));
  const seeded = (): readonly Uint8Array[] => bytesOf(...texts);
  return { name, seeds: seeded, mutate: 'json', run: (input) => void run(input), testRuns: 500 };
}

const schemas: readonly Schema[] = [SCHEMA, RICH_SCHEMA];

export const WIRE: readonly FuzzTarget[] = [
  {
    name: 'frames',
    seeds: () => [
      packed(SENT.map(({ header, frame }) => encodeFrame(header, frame))),
      ...SENT.map(({ header, frame }) => packed([encodeFrame(header, frame)])),
    ],
    mutate: 'bytes',
    run: receiveFrames,
  },
  {
    name: 'events',
    seeds: () => RICH_RECORDS,
    mutate: 'bytes',
    run: (input) => {
      for (const schema of schemas) decodeEvent(schema, input, noNames);
    },
  },
  {
    name: 'map-values',
    seeds: () =>
      FRAMES.flatMap((frame) => (frame.kind === 'map' ? frame.entries : [])).map(({ value }) =>
        encodeMapValue(value),
      ),
    mutate: 'bytes',
    run: (input) => void parseMapValue(input),
    refusals: [FrameError],
  },
  json('schemas', schemas, useSchema),
  json('heartbeats', [A_HEARTBEAT], useHeartbeat),
  json('reports', REPORTS, readReport),
  json('session-entries', [A_SESSION, A_STORED_SESSION], readSession),
  json('run-requests', [A_REQUEST], parseRunRequest),
  json('coordinator-entries', [COORDINATOR_INFO, A_BEAT], (input) => {
    parseCoordinatorInfo(input);
    parseCoordinatorBeat(input);
  }),
];
