/** The pods of this node that are known, by the uid that their cgroups carry. */
import type { Pod } from './pod.ts';

/** What changed: told to those who keep a table of their own. */
export interface PodChange {
  readonly changed: readonly Pod[];
  /** Uids. */
  readonly gone: readonly string[];
}

/** Pods that are gone and still have names. */
const MAX_REMEMBERED = 4096;

export class PodTable {
  readonly #pods = new Map<string, Pod>();
  readonly #gone = new Map<string, Pod>();
  readonly #listeners = new Set<(change: PodChange) => void>();

  get all(): readonly Pod[] {
    return [...this.#pods.values()];
  }

  get(uid: string): Pod | undefined {
    return this.#pods.get(uid);
  }

  /** Also one that is gone. */
  named(uid: string): Pod | undefined {
    return this.#pods.get(uid) ?? this.#gone.get(uid);
  }

  /** @returns how to stop it */
  onChange(listener: (change: PodChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  apply(change: PodChange): void {
    for (const pod of change.changed) {
      this.#pods.set(pod.uid, pod);
      this.#gone.delete(pod.uid);
    }
    for (const uid of change.gone) {
      const pod = this.#pods.get(uid);
      this.#pods.delete(uid);
      if (pod !== undefined) this.#remember(pod);
    }
    for (const listener of this.#listeners) listener(change);
  }

  /** All that there is now: what is not among them is gone. */
  replace(pods: readonly Pod[]): void {
    const uids = new Set(pods.map(({ uid }) => uid));
    this.apply({ changed: pods, gone: [...this.#pods.keys()].filter((uid) => !uids.has(uid)) });
  }

  #remember(pod: Pod): void {
    this.#gone.set(pod.uid, pod);
    if (this.#gone.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#gone.keys()) {
      this.#gone.delete(oldest);
      return;
    }
  }
}
