/** One session on this host: compile for this machine, load, report, attach when told, stream frames, end. */
import { createHash } from 'node:crypto';
import type { BpfMap } from '@bpfleet/bpf';
import { renderDiagnostics, Source } from '@bpfleet/lang';
import {
  schemaJson,
  type DesiredSession,
  type EndReason,
  type Ending,
  type HostReport,
} from '@bpfleet/protocol';
import { Broker, type NatsAddress } from '../nats/broker.ts';
import { compileForMachine, type ProgramRequest } from '../target/compile-for-machine.ts';
import { Machine } from '../target/machine.ts';
import { checkProgram } from '../session/check-program.ts';
import { PolicyGuard } from '../policy/policy-guard.ts';
import type { Policy } from '../policy/policy.ts';
import { ProgramRefusedError } from '../session/program-refused-error.ts';
import { ReadTally } from '../session/read-tally.ts';
import { Session } from '../session/session.ts';
import { bootToUnixNs } from '../session/clocks.ts';
import { messageOf } from '../message-of.ts';
import type { PodKnowledge } from '../containers/nothing-matches.ts';
import type { PodTable } from '../pods/pod-table.ts';
import type { Usage } from '../governor/usage.ts';
import { DrainPatience } from './drain-patience.ts';
import { FilterReport } from './filter-report.ts';
import { FrameQueue } from './frame-queue.ts';
import { UsageMeter } from './usage-meter.ts';
import type { RunnerOutcome, SharedMap, SharedMaps, ToRunner } from './messages.ts';

type ReportBody = HostReport extends infer R
  ? R extends HostReport
    ? Omit<R, 'version' | 'session' | 'host' | 'atMs'>
    : never
  : never;

type ArmRequest = Omit<Extract<ToRunner, { kind: 'arm' }>, 'kind'>;

/** How often changed map keys are sent, milliseconds. */
const MAP_INTERVAL_MS = 1000;
/** How often the supervisor is told what the session takes. */
const USAGE_INTERVAL_MS = 1000;

/** What the supervisor is told meanwhile. */
export interface RunnerListener {
  readonly onUsage: (usage: Usage) => void;
  readonly onShared: (maps: SharedMaps) => void;
}

export class Runner {
  /** Resolves when the session is over on this host and has been reported, or the broker does not take it. */
  readonly done: Promise<RunnerOutcome>;
  readonly #desired: DesiredSession;
  readonly #host: string;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #pods: PodTable;
  readonly #podsKnown: PodKnowledge;
  readonly #policy: Policy;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #listener: RunnerListener;
  /** By the monotonic clock. */
  readonly #startAt: Promise<number>;
  readonly #stopped = new AbortController();
  readonly #patience = new DrainPatience();
  #broker: Broker | undefined;
  #lapsed = false;
  #orphaned = false;
  #run: (atMs: number) => void = () => undefined;

  /** `environment` is this process's: `PATH` finds programs, `BPFTRACE_…` configures. */
  constructor(
    arm: ArmRequest,
    pods: PodTable,
    environment: Readonly<Record<string, string | undefined>>,
    listener: RunnerListener,
  ) {
    this.#pods = pods;
    this.#podsKnown = arm.podsKnown;
    this.#environment = environment;
    this.#listener = listener;
    this.#desired = arm.session;
    this.#policy = arm.policy;
    this.#host = arm.host;
    this.#labels = arm.labels;
    this.#startAt = new Promise((resolve) => {
      this.#run = resolve;
    });
    this.done = this.#live(arm.nats);
  }

  run(startInMs: number): void {
    this.#run(performance.now() + startInMs);
  }

  stop(ending: Ending): void {
    this.#stopped.abort(ending);
  }

  /** Why the broker does not take its frames at the moment. */
  get refusal(): string | undefined {
    return this.#broker?.refusal;
  }

  /** What has not been stored within seconds after the end is given up. */
  leave(): void {
    this.#patience.hurry();
  }

  /**
   * Its agent is gone: detaches, and sends what it has. It does not say that it has ended, since an agent that comes back
   * goes on with the session.
   */
  async orphan(): Promise<void> {
    this.#orphaned = true;
    this.stop({ reason: 'stopped' });
    this.leave();
    await this.done;
  }

  async #live(nats: NatsAddress): Promise<RunnerOutcome> {
    const broker = await Broker.connect(nats, `bpfleet-runner ${this.#desired.id}`, this.#host);
    this.#broker = broker;
    const report = async (body: ReportBody): Promise<number> =>
      broker.report(
        { version: 1, session: this.#desired.id, host: this.#host, atMs: Date.now(), ...body },
        this.#patience.signal,
      );
    try {
      if (this.#desired.check === true) await this.#check(report);
      else await this.#trace(broker, report);
      return { lapsed: this.#lapsed };
    } catch (error) {
      if (this.#patience.signal.aborted) return { lapsed: this.#lapsed, unsent: messageOf(error) };
      if (!this.#orphaned) await report({ kind: 'failed', ...this.#faultOf(error) });
      return { lapsed: false };
    } finally {
      await broker.close();
    }
  }

  async #trace(broker: Broker, report: (body: ReportBody) => Promise<number>): Promise<void> {
    const machine = new Machine({ pods: this.#pods });
    const guard = new PolicyGuard(this.#policy, machine);
    const program = this.#program();
    guard.admit(program);
    const compiled = compileForMachine(machine, program);
    const findings = renderDiagnostics(compiled.diagnostics);
    if (!compiled.ok) {
      await report({ kind: 'failed', fault: 'program', message: findings });
      return;
    }
    const { spec } = compiled;
    const schemaHash = createHash('sha256')
      .update(schemaJson(spec.schema))
      .digest('hex')
      .slice(0, 16);
    // Places in the stream only grow, which clocks do not: a later runner of this host has a larger one.
    let epoch = 0;
    const meter = new UsageMeter();
    const queue = new FrameQueue(
      () => ({
        session: this.#desired.id,
        host: this.#host,
        schemaHash,
        epoch,
        bootToUnixNs: bootToUnixNs(machine.calls),
      }),
      async (sequence, bytes) => {
        meter.sent(bytes.length);
        await broker.frame(
          this.#desired.id,
          this.#host,
          `${epoch}/${sequence}`,
          bytes,
          this.#patience.signal,
        );
      },
    );
    const sessionMachine = { ...machine.sessionMachine, ...guard.apply(spec) };
    const { containers: filter } = this.#desired;
    const match = filter && new FilterReport(filter, machine.containers, this.#podsKnown, report);
    using tally = new ReadTally(machine.calls);
    const session = Session.load(spec, sessionMachine, {
      tally,
      redact: program.redact === true,
      onFrame: (frame) => {
        if (frame.kind === 'end' && this.#orphaned) return;
        meter.frame(frame);
        queue.push(frame);
      },
      measureCost: true,
      queueDropped: () => queue.dropped,
      isBehind: () => queue.holdsMaps,
      mapIntervalMs: MAP_INTERVAL_MS,
      scratchMaps: false,
      ...(match === undefined ? {} : { filterCgroups: (map) => match.follow(map) }),
    });
    const { schema } = spec;
    const reason = await this.#hold(session, meter, report, async (probes) => {
      epoch = await report({
        kind: 'armed',
        schema,
        schemaHash,
        probes,
        warnings: findings,
        ...match?.unmatched,
      });
      match?.armed();
      const { ring, losses } = session.lossMaps;
      this.#listener.onShared({
        epoch,
        ring: sharedMap(ring),
        losses: sharedMap(losses),
        tally: sharedMap(tally.map),
        events: schema.events.map(({ kind }) => kind),
      });
    });
    // Nothing is left in the kernel: what is queued may wait for a broker that is away.
    this.#lapsed = reason === 'lease';
    this.#patience.begin(() => broker.disconnectedSince === undefined);
    try {
      await queue.drained();
      if (!this.#orphaned) await report({ kind: 'ended', reason });
    } finally {
      this.#patience.end();
    }
  }

  /** Until the session is over, and gone from the kernel. */
  async #hold(
    loaded: Session,
    meter: UsageMeter,
    report: (body: ReportBody) => Promise<unknown>,
    reportArmed: (probes: number) => Promise<void>,
  ): Promise<EndReason> {
    await using session = loaded;
    meter.maps(session.mapBytes);
    this.#listener.onUsage(meter.usage);
    const metering = setInterval(() => this.#listener.onUsage(meter.usage), USAGE_INTERVAL_MS);
    try {
      await reportArmed(session.probes);
      if (await this.#waitForStart()) {
        await session.attach();
        // The first events need not wait for a broker that is away.
        report({ kind: 'attached', probes: session.probes }).catch(() => undefined);
        await session.run(this.#stopped.signal, this.#desired.durationMs);
      } else {
        session.abandon(this.#ending());
      }
    } finally {
      clearInterval(metering);
    }
    return session.endReason;
  }
  async #check(report: (body: ReportBody) => Promise<unknown>): Promise<unknown> {
    const verdict = checkProgram(new Machine(), this.#program(), this.#policy);
    switch (verdict.verdict) {
      case 'loads':
        return report({ kind: 'checked', probes: verdict.probes, warnings: verdict.warnings });
      case 'refused':
        return report({ kind: 'failed', fault: 'program', message: verdict.message });
      case 'failed':
        return report({ kind: 'failed', fault: 'host', message: verdict.message });
    }
  }

  #program(): ProgramRequest {
    const { program, sourceName, files, includes, parameters, namedParameters, unsafe } =
      this.#desired;
    return {
      name: sourceName,
      text: program,
      ...(files === undefined ? {} : { files }),
      ...(includes === undefined ? {} : { includes }),
      parameters,
      ...(namedParameters === undefined ? {} : { namedParameters }),
      environment: this.#environment,
      unsafe,
      redact: this.#desired.redact === true || this.#policy.redact,
      host: { name: this.#host, labels: this.#labels },
      onFleet: true,
      cgroupFilter: this.#desired.containers !== undefined,
    };
  }

  /** What the verifier refuses concerns the program; anything else this host. */
  #faultOf(error: unknown): { readonly fault: 'program' | 'host'; readonly message: string } {
    if (!(error instanceof ProgramRefusedError))
      return { fault: 'host', message: messageOf(error) };
    const source = new Source(this.#desired.sourceName, this.#desired.program);
    return { fault: 'program', message: error.render(source) };
  }

  /** False when the session was stopped before it began. */
  async #waitForStart(): Promise<boolean> {
    const stopped = new Promise<undefined>((resolve) => {
      this.#stopped.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    if (this.#stopped.signal.aborted) return false;
    const startAtMs = await Promise.race([this.#startAt, stopped]);
    if (startAtMs === undefined) return false;
    const waitMs = startAtMs - performance.now();
    if (waitMs > 0) {
      await Promise.race([new Promise((resolve) => setTimeout(resolve, waitMs)), stopped]);
    }
    return !this.#stopped.signal.aborted;
  }

  #ending(): Ending {
    return this.#stopped.signal.reason as Ending;
  }
}

function sharedMap({ id, spec }: BpfMap): SharedMap {
  return { id, spec };
}
