import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NatsError, type StreamInfo } from 'nats';
import {
  LEAST_BYTES,
  NoRoomError,
  prepareStream,
  WANTED_BYTES,
} from '../../src/nats/prepare-stream.ts';

type Streams = Parameters<typeof prepareStream>[0];

/** A server with so much room, and perhaps the stream already. */
class FakeStreams implements Streams {
  maxBytes: number | undefined;
  readonly #room: number;

  constructor(room: number, maxBytes?: number) {
    this.#room = room;
    this.maxBytes = maxBytes;
  }

  async add({ max_bytes: maxBytes = 0 }: { max_bytes?: number }): Promise<StreamInfo> {
    if (this.maxBytes !== undefined && this.maxBytes !== maxBytes) throw fault(10058);
    return this.#take(maxBytes);
  }

  async update(_name: string, { max_bytes: maxBytes = 0 } = {}): Promise<StreamInfo> {
    return this.#take(maxBytes);
  }

  async info(): Promise<StreamInfo> {
    return Promise.resolve({
      config: { max_bytes: this.maxBytes },
      state: { bytes: 0 },
    } as StreamInfo);
  }

  async #take(maxBytes: number): Promise<StreamInfo> {
    if (maxBytes > this.#room) throw fault(10047);
    this.maxBytes = maxBytes;
    return this.info();
  }
}

function fault(code: number): NatsError {
  const error = new NatsError('refused', '500');
  error.api_error = { code: 500, err_code: code, description: 'refused' };
  return error;
}

describe('the stream of all sessions', () => {
  for (const [what, room, before, expected] of [
    ['as it should be', 2 * WANTED_BYTES, undefined, WANTED_BYTES],
    ['again', 2 * WANTED_BYTES, WANTED_BYTES, WANTED_BYTES],
    ['larger once there is room', 2 * WANTED_BYTES, LEAST_BYTES, WANTED_BYTES],
    ['smaller where there is less', WANTED_BYTES / 3, undefined, WANTED_BYTES / 4],
    ['as it is where there is no more', WANTED_BYTES / 3, WANTED_BYTES / 4, WANTED_BYTES / 4],
    ['at its least', LEAST_BYTES, undefined, LEAST_BYTES],
  ] as const) {
    it(`is made ${what}`, async () => {
      const streams = new FakeStreams(room, before);
      assert.equal(await prepareStream(streams), expected);
      assert.equal(streams.maxBytes, expected);
    });
  }

  it('is not made without any room, and the reason says what to do', async () => {
    await assert.rejects(prepareStream(new FakeStreams(LEAST_BYTES - 1)), {
      name: NoRoomError.name,
      message: /no room for 16 MiB .*max_file_store/,
    });
  });

  it('tells any other fault', async () => {
    const streams = new FakeStreams(WANTED_BYTES);
    streams.add = async () => Promise.reject(fault(10_039));
    await assert.rejects(prepareStream(streams), NatsError);
  });
});
