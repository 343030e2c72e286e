/** Makes inputs of a target's corpus and runs them, in this thread. The same seed and corpus give the same inputs. */
import { getHeapStatistics } from 'node:v8';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import { Random } from './random.ts';
import { signatureOf } from './signature.ts';
import { DEFAULT_INPUT_BYTES, DEFAULT_MEMORY_BYTES, type FuzzTarget } from './target.ts';

export interface Finding {
  readonly input: Uint8Array;
  readonly signature: string;
  readonly error: Error;
}

/** An input made the code take more memory than it may. */
export class MemoryFault extends Error {
  override readonly name = 'MemoryFault';
}

export class Fuzzer {
  readonly corpus: Uint8Array[];
  readonly #target: FuzzTarget;
  readonly #random: Random;
  readonly #beforeRun: (input: Uint8Array) => void;

  /** @param beforeRun is told of each input, for whoever watches from outside */
  constructor(
    target: FuzzTarget,
    corpus: readonly Uint8Array[],
    seed: number,
    beforeRun: (input: Uint8Array) => void = () => undefined,
  ) {
    if (corpus.length === 0) throw new RangeError(`fuzz target ${target.name} has no corpus`);
    this.#target = target;
    this.corpus = [...corpus];
    this.#random = new Random(seed);
    this.#beforeRun = beforeRun;
  }

  next(): Uint8Array {
    const { mutate, words = [], maxBytes = DEFAULT_INPUT_BYTES } = this.#target;
    const from = this.#random.pick(this.corpus);
    const other = this.#random.pick(this.corpus);
    const made = {
      bytes: () => mutateBytes(this.#random, from, other),
      text: () => mutateText(this.#random, from, other, words),
      json: () => mutateJson(this.#random, from, other, words),
    }[mutate]();
    return made.subarray(0, maxBytes);
  }

  async run(input: Uint8Array): Promise<Finding | undefined> {
    const { run, refusals = [], maxMemoryBytes = DEFAULT_MEMORY_BYTES } = this.#target;
    this.#beforeRun(input);
    const before = memoryBytes();
    try {
      const running = run(input.slice());
      if (running !== undefined) await running;
    } catch (error) {
      if (!refusals.some((kind) => error instanceof kind)) return findingOf(input, error);
    }
    const taken = memoryBytes() - before;
    if (taken <= maxMemoryBytes) return undefined;
    const megabytes = Math.round(taken / 1024 ** 2);
    return findingOf(input, new MemoryFault(`took ${megabytes} MB for ${input.length} bytes`));
  }
}

/** What has not been collected counts too, so that it is a bound from above. */
function memoryBytes(): number {
  const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
  return heap + outside;
}

function findingOf(input: Uint8Array, thrown: unknown): Finding {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { input, signature: signatureOf(thrown), error };
}
