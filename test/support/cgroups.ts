/** Control groups of version 2 made by a test, with processes of its own in them. */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { cgroupRoot } from '../../packages/agent/src/containers/cgroup-tree.ts';

/** Undefined where groups can be made, else why they cannot. */
export function noCgroups(): string | undefined {
  const root = cgroupRoot();
  if (root === undefined) return 'cgroup version 2 is not mounted';
  try {
    new TestCgroup('bpfleet-probe')[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return `no cgroup can be made: ${String(error)}`;
  }
}

/** Disposing removes it, with all that is below, and above it up to the directory of the test; nobody may be in it. */
export class TestCgroup implements Disposable {
  readonly path: string;
  readonly #root = cgroupRoot() ?? '';
  readonly #top: string;
  /** The first of its own. */
  readonly #first: string;

  /** Below a directory of this process's own. */
  constructor(path: string) {
    this.#top = join(this.#root, `bpfleet-test-${process.pid}.slice`);
    this.path = join(this.#top, path);
    this.#first = join(this.#top, path.split('/')[0] ?? '');
    mkdirSync(this.path, { recursive: true });
  }

  /** From the root of the hierarchy. */
  get name(): string {
    return this.path.slice(this.#root.length);
  }

  get id(): bigint {
    return statSync(this.path, { bigint: true }).ino;
  }

  enter(pid: number): void {
    writeFileSync(join(this.path, 'cgroup.procs'), String(pid));
  }

  leave(pid: number): void {
    writeFileSync(join(this.#root, 'cgroup.procs'), String(pid));
  }

  /** Resolves when nobody is in it: a process that has ended leaves it a moment later. */
  async empty(): Promise<void> {
    while (readFileSync(join(this.path, 'cgroup.procs'), 'utf8') !== '') await setImmediate();
  }

  [Symbol.dispose](): void {
    remove(this.#first);
    try {
      rmdirSync(this.#top);
    } catch {
      // Another group of the test is in it.
    }
  }
}

function remove(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) remove(join(path, entry.name));
  }
  rmdirSync(path);
}
