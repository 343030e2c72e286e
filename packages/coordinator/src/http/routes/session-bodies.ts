/** What requests for sessions look like. */
import { MERGE_MODES } from '@bpfleet/protocol';

/** JSON Schema of an object. */
export interface BodySchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
}

const texts = { type: 'array', items: { type: 'string', maxLength: 65_536 }, maxItems: 10_000 };

/** Half a surrogate pair is no character: nothing could store or print it. */
const text = { type: 'string', pattern: '^\\P{Cs}*$' };

/** By the caller's own word. */
export const who: object = { ...text, maxLength: 1_000 } as const;

export const checkBody: BodySchema = {
  type: 'object',
  required: ['program', 'sourceName', 'parameters', 'selector', 'unsafe', 'who'],
  properties: {
    program: text,
    sourceName: { ...text, maxLength: 4_096 },
    files: {
      type: 'object',
      maxProperties: 1_000,
      propertyNames: { ...text, maxLength: 4_096 },
      additionalProperties: {
        type: 'object',
        required: ['kind'],
        properties: {
          kind: { enum: ['text', 'directory', 'found-at', 'missing', 'unreadable'] },
          path: { ...text, maxLength: 4_096 },
          text,
          entries: texts,
          worldWritable: { type: 'boolean' },
          reason: text,
        },
      },
    },
    includes: texts,
    parameters: texts,
    namedParameters: texts,
    selector: {
      type: 'object',
      required: ['hosts', 'labels'],
      properties: {
        hosts: texts,
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    unsafe: { type: 'boolean' },
    redact: { type: 'boolean' },
    armTimeoutMs: { type: 'integer', minimum: 1, maximum: 600_000 },
    who,
  },
} as const;

const atLeast = {
  type: 'object',
  required: ['kind'],
  oneOf: [
    {
      properties: { kind: { const: 'hosts' }, hosts: { type: 'integer', minimum: 1 } },
      required: ['hosts'],
    },
    {
      properties: {
        kind: { const: 'percent' },
        percent: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
      },
      required: ['percent'],
    },
  ],
} as const;

const rate = { type: 'integer', minimum: 1 } as const;

const budget = {
  type: 'object',
  properties: {
    cpuShare: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    eventsPerSecond: rate,
    bytesPerSecond: rate,
    mapBytes: rate,
  },
} as const;

const containers = {
  type: 'object',
  additionalProperties: false,
  properties: {
    pods: { ...text, maxLength: 4_096 },
    namespace: { ...text, maxLength: 253 },
    workload: { ...text, maxLength: 512 },
    containers: { type: 'array', items: { ...text, maxLength: 512 }, maxItems: 100 },
    cgroups: { type: 'array', items: { ...text, maxLength: 4_096 }, maxItems: 100 },
  },
} as const;

const definitions = { type: 'array', items: { ...text, maxLength: 4_096 }, maxItems: 100 } as const;

export const runBody: BodySchema = {
  type: 'object',
  required: checkBody.required,
  properties: {
    ...checkBody.properties,
    id: { type: 'string', pattern: '^[a-z0-9]{8,32}$' },
    merge: { enum: MERGE_MODES },
    atLeast,
    budget,
    containers,
    spans: definitions,
    joins: definitions,
    durationMs: { type: 'integer', minimum: 1, maximum: 30 * 24 * 3_600_000 },
  },
} as const;
