/**
 * Drains a ring buffer whenever there is something in it.
 *
 * Waking the consumer costs the traced thread a few hundred nanoseconds, so programs mostly submit records
 * without a wake-up (BPF_RB_NO_WAKEUP). A timer finds those: every millisecond while records keep coming,
 * more and more rarely when none do. A record that does ask for a wake-up arrives through poll at once.
 */
import type { KernelCalls, PollRegistration } from '../sys/kernel-calls.ts';
import type { RingBuffer } from './ring-buffer.ts';
import type { RecordHandler } from './ring-record.ts';

const BUSY_INTERVAL_MS = 1;
const IDLE_INTERVAL_MS = 50;

export interface RingConsumerOptions {
  readonly onRecord: RecordHandler;
  /** Asked after each record: whether the rest waits until others had their turn. */
  readonly isEnough?: () => boolean;
  /** Called after a drain that brought records, with their number. */
  readonly onDrained?: (records: number) => void;
  /** Called with what `onRecord` threw; the consumer has stopped then. */
  readonly onError: (error: unknown) => void;
}

/** How records came: many for each drain, few of them asked for by a wake-up. */
export interface RingStatistics {
  readonly records: number;
  /** That brought records. */
  readonly drains: number;
  readonly wakeUps: number;
  readonly sizeBytes: number;
  readonly peakBytes: number;
}

export class RingConsumer {
  readonly #ring: RingBuffer;
  readonly #options: RingConsumerOptions;
  readonly #poll: PollRegistration;
  #timer: NodeJS.Timeout | undefined;
  #intervalMs = BUSY_INTERVAL_MS;
  #stopped = false;
  #records = 0;
  #drains = 0;
  #wakeUps = 0;

  /** Starts at once, and keeps the event loop alive until `stop`. */
  constructor(ring: RingBuffer, calls: KernelCalls, options: RingConsumerOptions) {
    this.#ring = ring;
    this.#options = options;
    this.#poll = calls.poll(ring.map.fd.number, () => {
      this.#wakeUps += 1;
      this.#run();
    });
    this.#schedule();
  }

  /** Drains now; for the end of a session, after the probes are detached. Returns how many records came. */
  flush(): number {
    return this.#stopped ? 0 : this.#drain(() => false);
  }

  get statistics(): RingStatistics {
    return {
      records: this.#records,
      drains: this.#drains,
      wakeUps: this.#wakeUps,
      sizeBytes: this.#ring.map.spec.maxEntries,
      peakBytes: this.#ring.peakBytes,
    };
  }

  /** Stops without draining. The ring stays open. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#poll.close();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #drain(isEnough = this.#options.isEnough): number {
    const records = this.#ring.drain(this.#options.onRecord, isEnough);
    if (records > 0) {
      this.#records += records;
      this.#drains += 1;
      this.#options.onDrained?.(records);
    }
    return records;
  }

  #run(): void {
    if (this.#stopped) return;
    let records: number;
    try {
      records = this.#drain();
    } catch (error) {
      this.stop();
      this.#options.onError(error);
      return;
    }
    const idleMs = Math.min(IDLE_INTERVAL_MS, this.#intervalMs * 2);
    this.#intervalMs = records > 0 ? BUSY_INTERVAL_MS : idleMs;
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#run();
    }, this.#intervalMs);
  }
}
