/** The probes of one session: attached in order, all of them or none, and given back at its end. */
import {
  AttachError,
  detachAll,
  IteratorLink,
  stopAll,
  type Link,
  type Program,
} from '@bpfleet/bpf';
import type { SessionSpec } from '@bpfleet/lang';
import { attachOrder } from './attach-order.ts';
import { attachProbe, type AttachablePlace, type AttachContext } from './attach-probe.ts';
import { CpuLinks } from './cpu-links.ts';
import type { KernelObjects, LoadedProbe } from './kernel-objects.ts';
import type { SessionMachine, SessionOptions } from './session-options.ts';
import { Turns } from './turns.ts';
import { watchCpus } from './watch-cpus.ts';

type AttachmentOptions = Pick<SessionOptions, 'verbose' | 'onRefused' | 'giveBack'>;

interface AttachableProbe {
  readonly program: Program;
  readonly spec: AttachablePlace;
}

export class Attachments {
  readonly #spec: SessionSpec;
  readonly #objects: KernelObjects;
  readonly #context: AttachContext;
  readonly #options: AttachmentOptions;
  #links: Link[] = [];
  /** How many probes could not be attached. */
  #refused = 0;

  constructor(
    spec: SessionSpec,
    objects: KernelObjects,
    machine: SessionMachine,
    options: AttachmentOptions,
  ) {
    this.#spec = spec;
    this.#objects = objects;
    this.#context = { ...machine, map: (name) => objects.map(name) };
    this.#options = options;
  }

  /** How many probes are attached in the end, those that attach nothing (`begin`, `end`) included. */
  get count(): number {
    return this.#spec.programs
      .filter(({ attach }) => !isTrial(attach.kind))
      .reduce((sum, { probes }) => sum + probes, -this.#refused);
  }

  get iterators(): readonly IteratorLink[] {
    return this.#links.filter((link) => link instanceof IteratorLink);
  }

  /** Until `stop` is aborted. Throws AttachError, with nothing left attached. */
  async attach(stop: AbortSignal | undefined): Promise<void> {
    const turns = new Turns();
    const probes = this.#objects.programs.filter((one) => !isManual(one.spec.attach.kind));
    try {
      for (const probe of attachOrder(probes).flatMap(onePlaceEach)) {
        if (stop?.aborted === true) break;
        this.#attach(probe);
        await turns.give();
      }
    } catch (error) {
      await this.detach();
      throw error;
    }
  }

  /** Probes that are on each CPU follow those that come and go; undefined without such probes. */
  watchCpus(): Disposable | undefined {
    const links = this.#links.filter((link) => link instanceof CpuLinks);
    if (links.length === 0) return undefined;
    const { verbose = (): void => undefined } = this.#options;
    return watchCpus(links, this.#context.onlineCpus, verbose);
  }

  /** Resolves when no program of theirs runs any more; the kernel may take longer to forget them. */
  async stop(): Promise<void> {
    await stopAll(this.#links);
  }

  async detach(): Promise<void> {
    const links = this.#links;
    this.#links = [];
    const { giveBack } = this.#options;
    if (giveBack === undefined) {
      await detachAll(links.toReversed());
    } else {
      await stopAll(links);
      giveBack(links.toReversed().flatMap((link) => link.takeEvents()));
    }
  }

  #attach({ program, spec }: AttachableProbe): void {
    try {
      this.#links.push(attachProbe(program, spec, this.#context));
      if (spec.probe !== '') this.#options.verbose?.(`attached ${spec.probe}`);
    } catch (error) {
      const { missingProbes } = this.#spec;
      if (!(error instanceof AttachError) || missingProbes === 'error') throw error;
      this.#refused += spec.probes;
      if (missingProbes === 'warn') this.#options.onRefused?.(error);
    }
  }
}

/** Of a program that is attached at several places, each. */
function onePlaceEach({ program, spec }: LoadedProbe): readonly AttachableProbe[] {
  if (spec.attach.kind !== 'each') return [{ program, spec }];
  return spec.attach.places.map((place, index) => {
    const cookie = spec.cookies === true ? { cookie: BigInt(index) } : {};
    return { program, spec: { ...spec, ...place, probes: 1, ...cookie } };
  });
}

function isTrial(kind: string): boolean {
  return kind === 'test' || kind === 'bench';
}

const MANUAL: ReadonlySet<string> = new Set(['begin', 'end', 'self-signal', 'test', 'bench']);

function isManual(kind: string): boolean {
  return MANUAL.has(kind);
}
