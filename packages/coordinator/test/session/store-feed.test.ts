import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import pino from 'pino';
import type { SessionMessage } from '../../src/nats/session-message.ts';
import { LiveFirst } from '../../src/session/live-first.ts';
import { StoreFeed } from '../../src/session/store-feed.ts';
import type { RecordedFrame } from '../../src/store/recorded-frame.ts';
import type { SessionRecorder } from '../../src/store/recorder.ts';

const LOOK_AGAIN_MS = 5_000;

/** Frames of one host, by their places in the stream. */
function frame(streamSequence: number): RecordedFrame {
  const header = { host: 'a', epoch: 1, sequence: streamSequence - 1 };
  return { header, streamSequence } as unknown as RecordedFrame;
}

function message(streamSequence: number): SessionMessage {
  const body = new Uint8Array(0);
  return { kind: 'data', subject: '', body, streamSequence, storedAtMs: 0, following: 0 };
}

/** A feed whose view is far behind, so that everything is left in the stream. */
class Bench {
  readonly live = new LiveFirst();
  readonly recorded: number[] = [];
  lost = 0;
  /** What the stream holds. */
  stream: number[] = [];
  followed: Promise<void>;
  readonly feed: StoreFeed;
  #follow: () => void = () => undefined;

  constructor() {
    this.live.note('a', 1_000);
    this.followed = new Promise((resolve) => (this.#follow = resolve));
    this.feed = new StoreFeed({
      recorder: {
        record: async ({ streamSequence }: RecordedFrame) => {
          this.recorded.push(streamSequence);
          return Promise.resolve();
        },
      } as unknown as SessionRecorder,
      store: { stuckWith: undefined, flowing: async () => Promise.resolve() },
      follow: async (receive, from) => {
        this.#follow();
        const read = async (): Promise<void> => {
          await this.followed;
          for (const place of this.stream) if (place >= from) await receive(message(place));
        };
        void read();
        return Promise.resolve({ close: async () => Promise.resolve() });
      },
      read: ({ streamSequence }) => frame(streamSequence),
      lastSequence: async () => Promise.resolve(this.stream.at(-1) ?? 0),
      onLost: (frames) => (this.lost += frames),
      live: this.live,
      log: pino({ level: 'silent' }),
    });
  }

  async take(...places: readonly number[]): Promise<void> {
    for (const place of places) await this.feed.take(frame(place));
  }
}

describe('frames that were left in the stream', () => {
  it('are stored once the view has caught up', async () => {
    const bench = new Bench();
    bench.stream = [1, 2, 3];
    await bench.take(1, 2, 3);
    assert.equal(bench.feed.waiting, 3);
    bench.live.note('a', 0);
    await bench.feed.settled();
    assert.deepEqual(bench.recorded, [1, 2, 3]);
    assert.deepEqual([bench.feed.waiting, bench.lost], [0, 0]);
  });

  it('are counted as lost where the stream has dropped them meanwhile', async () => {
    const bench = new Bench();
    bench.stream = [3];
    await bench.take(1, 2, 3);
    bench.live.note('a', 0);
    await bench.feed.settled();
    assert.deepEqual(bench.recorded, [3]);
    assert.deepEqual([bench.feed.waiting, bench.lost], [0, 2]);
  });

  it('are not waited for where the stream has none of them', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const bench = new Bench();
    await bench.take(1, 2, 3);
    bench.live.note('a', 0);
    await bench.followed;
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(LOOK_AGAIN_MS);
    await bench.feed.settled();
    assert.deepEqual([bench.recorded.length, bench.feed.waiting, bench.lost], [0, 0, 3]);
    mock.timers.reset();
  });
});
