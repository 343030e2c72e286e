/** Which frames of a session have been here: of each host those of its newest runner, each once. */
import { SequenceTracker, type FrameHeader } from '@bpfleet/protocol';

interface Runner {
  readonly epoch: number;
  readonly sequences: SequenceTracker;
}

export class RunnerSequences {
  readonly #runners = new Map<string, Runner>();

  /** False for a frame that has been here before or belongs to a runner that was replaced: it says nothing new. */
  admits({ host, epoch, sequence }: FrameHeader): boolean {
    let runner = this.#runners.get(host);
    if (runner === undefined || runner.epoch < epoch) {
      runner = { epoch, sequences: new SequenceTracker() };
      this.#runners.set(host, runner);
    }
    return runner.epoch === epoch && runner.sequences.accept(sequence);
  }
}
