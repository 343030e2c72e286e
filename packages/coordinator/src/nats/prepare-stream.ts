/** The stream of all sessions, as large as the server has room for. */
import { STREAM, subjects } from '@bpfleet/protocol';
import {
  DiscardPolicy,
  NatsError,
  RetentionPolicy,
  StorageType,
  type StreamAPI,
  type StreamConfig,
} from 'nats';

const HOUR_NS = 3_600e9;
export const WANTED_BYTES: number = 1024 ** 3;
/** With less a single busy host pushes out what nobody has read yet. */
export const LEAST_BYTES: number = 16 * 1024 ** 2;

const STREAM_NAME_IN_USE = 10058;
/** Of the server, of the account, and of its tier. */
const NO_ROOM: ReadonlySet<number> = new Set([10002, 10023, 10047]);

/** Frames are kept so that a restarted coordinator can replay them; the bounds protect the broker's disk. */
function configOf(maxBytes: number): Partial<StreamConfig> & Pick<StreamConfig, 'name'> {
  return {
    name: STREAM,
    subjects: [subjects.allSessions],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    storage: StorageType.File,
    max_age: 24 * HOUR_NS,
    max_bytes: maxBytes,
    allow_direct: true,
  };
}

/** JetStream has no room for the frames of sessions. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/**
 * How much it may hold, bytes: half as much again and again until the server has that.
 *
 * @throws {NoRoomError} where it has hardly any
 */
export async function prepareStream(
  streams: Pick<StreamAPI, 'add' | 'update' | 'info'>,
): Promise<number> {
  for (let maxBytes = WANTED_BYTES; maxBytes >= LEAST_BYTES; maxBytes /= 2) {
    try {
      return await addOrUpdate(streams, maxBytes);
    } catch (error) {
      if (!NO_ROOM.has(codeOf(error) ?? 0)) throw error;
    }
  }
  throw new NoRoomError(
    `it has no room for ${mebibytes(LEAST_BYTES)} of frames; give it more (max_file_store of nats-server, or the limits of the account), or remove streams that nobody needs`,
  );
}

async function addOrUpdate(
  streams: Pick<StreamAPI, 'add' | 'update' | 'info'>,
  maxBytes: number,
): Promise<number> {
  try {
    await streams.add(configOf(maxBytes));
    return maxBytes;
  } catch (error) {
    if (codeOf(error) !== STREAM_NAME_IN_USE) throw error;
  }
  const { config, state } = await streams.info(STREAM);
  // What it has it keeps: with less, the server would throw away frames that nobody has read.
  const bytes = Math.max(maxBytes, Math.min(config.max_bytes, WANTED_BYTES), state.bytes);
  await streams.update(STREAM, configOf(bytes));
  return bytes;
}

function codeOf(error: unknown): number | undefined {
  return error instanceof NatsError ? error.api_error?.err_code : undefined;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}
