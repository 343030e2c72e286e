/**
 * The agent of one host: says that it lives, follows the desired sessions, and keeps one runner process for each
 * that selects this host. It traces nothing itself, so no session can starve it.
 */
import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { selects, type DesiredSession, type EndReason, type Heartbeat } from '@bpfleet/protocol';
import { SaidOnce } from '@bpfleet/protocol/seal';
import { Broker, type NatsAddress } from '../nats/broker.ts';
import { openKernel, readHost } from '@bpfleet/bpf';
import { DEFAULT_BUDGET, smallerBudget, type Budget } from '../governor/budget.ts';
import { Governor } from '../governor/governor.ts';
import { RunnerProcess } from '../runner/runner-process.ts';
import { bootToUnixNs } from '../session/clocks.ts';
import { PolicyFile } from '../policy/policy-file.ts';
import { CoordinatorClock } from './coordinator-clock.ts';
import { RunnerShare } from './runner-share.ts';
import type { NodeSettings } from '../pods/kubernetes-api.ts';
import { PodTable } from '../pods/pod-table.ts';
import type { NodeWatch } from '../pods/watch-node.ts';
import { describeHost, type HostDescription } from './describe-host.ts';

/** A session's process, seen from this file: its source, compiled, or in the command's bundle. */
const RUNNERS = {
  '.ts': '../runner/main.ts',
  '.js': '../runner/main.js',
  '.mjs': './runner.mjs',
};

export interface AgentOptions {
  readonly nats: NatsAddress;
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Detach after this long without a word from a coordinator, milliseconds. */
  readonly leaseMs: number;
  /** What sessions may take; DEFAULT_BUDGET where it says nothing. */
  readonly budget?: Partial<Budget>;
  /** Whose pods and labels are followed; an agent outside of Kubernetes has none. */
  readonly kubernetes?: NodeSettings;
  /** The file that says what this host allows; see docs/policy.md. */
  readonly policy?: string;
  /** Without such a file: sessions may be unsafe. */
  readonly allowUnsafe?: boolean;
  readonly log: Logger;
  /** Given to runner processes. */
  readonly environment: NodeJS.ProcessEnv;
}

const HEARTBEAT_MS = 1000;
/** Longer than any coordinator lets hosts wait for each other once all are armed. */
const MAX_START_DELAY_MS = 2_000;
/** A runner that is stopped for longer is killed; for the lease if that is shorter. */
const STOPPED_PATIENCE_MS = 10_000;

/** How long sessions wait for the labels of the node that they may be selected by. */
const LABELS_PATIENCE_MS = 5_000;
/** Sessions that another label might select. */
const MAX_PASSED = 1_000;

/** Throws BrokerError when NATS cannot be reached, PolicyError when there is a policy that cannot be obeyed. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const policy = new PolicyFile(options.policy, options.allowUnsafe === true);
  const description = describeHost();
  const { nats, host, log } = options;
  const said = new SaidOnce((what, reason) => log.warn(`refused ${what}: ${reason}`));
  const broker = await Broker.connect(nats, 'bpfleet-agent', host, (what, reason) =>
    said.say(what, reason),
  );
  const agent = new Agent(options, broker, description, policy);
  await agent.start();
  return agent;
}

export class Agent {
  /** Resolves when the connection to NATS is closed for good. */
  readonly closed: Promise<void>;
  readonly #options: AgentOptions;
  readonly #broker: Broker;
  readonly #description: HostDescription;
  readonly #governor: Governor;
  readonly #policy: PolicyFile;
  readonly #startedAtMs = Date.now();
  readonly #runners = new Map<string, RunnerProcess>();
  /** Sessions that were here and are over: their desired state no longer concerns this agent. */
  readonly #finished = new Set<string>();
  /** Of sessions that are here, the newest state that was desired. */
  readonly #desired = new Map<string, DesiredSession>();
  /** Detached for want of a coordinator: taken up again when there is one. */
  readonly #lapsed = new Set<string>();
  /** Sessions that do not select this host as it is labelled now. */
  readonly #passed = new Map<string, DesiredSession>();
  readonly #pods = new PodTable();
  #labels: Readonly<Record<string, string>>;
  #node: NodeWatch | undefined;
  readonly #timer: NodeJS.Timeout;
  #spare: RunnerProcess | undefined;
  #coordinatorHeard = performance.now();
  readonly #coordinatorClock = new CoordinatorClock();
  readonly #calls = openKernel();
  #closing = false;

  constructor(
    options: AgentOptions,
    broker: Broker,
    description: HostDescription,
    policy: PolicyFile,
  ) {
    this.#options = options;
    this.#broker = broker;
    this.#description = description;
    this.#labels = options.labels;
    this.#pods.onChange((change) => {
      for (const runner of this.#runners.values()) runner.send({ kind: 'pods', ...change });
    });
    this.#policy = policy;
    const { onlineCpus } = readHost();
    this.#governor = new Governor(this.#budget(), onlineCpus.length);
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.closed = broker.closed().then(() => clearInterval(this.#timer));
  }

  async start(): Promise<void> {
    this.#broker.onCoordinator((beat) => {
      this.#coordinatorHeard = performance.now();
      if (beat !== undefined) this.#coordinatorClock.heard(beat, this.#coordinatorHeard);
      this.#resumeLapsed();
    });
    await this.#followNode();
    await this.#broker.watchSessions(
      (session) => this.#onDesired(session),
      (key) => this.#options.log.warn({ key }, 'desired session is not valid; ignored'),
    );
    this.#spare = this.#fork();
    this.#beat();
  }

  /** Ends all runners, which detach and send their last frames, then leaves NATS. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    const runners = [...this.#runners.values()];
    if (this.#spare !== undefined) runners.push(this.#spare);
    this.#spare?.release();
    this.#stopAll('stopped');
    for (const runner of runners) runner.send({ kind: 'leave' });
    await Promise.all(runners.map((runner) => runner.ended));
    await this.#node?.close();
    await this.#broker.close();
  }

  /** What takes memory is loaded for those that need it. */
  async #followNode(): Promise<void> {
    const { kubernetes, log, labels: own } = this.#options;
    if (kubernetes === undefined) return;
    const { NodeWatch } = await import('../pods/watch-node.ts');
    this.#node = new NodeWatch({
      ...kubernetes,
      pods: this.#pods,
      onLabels: (labels) => this.#relabel({ ...labels, ...own }),
      log,
    });
    await Promise.race([this.#node.listed, delay(LABELS_PATIENCE_MS, undefined, { ref: false })]);
  }

  /** Sessions that are here stay; those that did not select this host may do so now. */
  #relabel(labels: Readonly<Record<string, string>>): void {
    this.#labels = labels;
    for (const session of this.#passed.values()) {
      if (!this.#broker.stands(session.id)) continue;
      if (!selects(session.selector, this.#options.host, labels)) continue;
      this.#passed.delete(session.id);
      this.#onDesired(session);
    }
  }

  #pass(session: DesiredSession): void {
    this.#passed.set(session.id, session);
    for (const oldest of this.#passed.keys()) {
      if (this.#passed.size <= MAX_PASSED) return;
      this.#passed.delete(oldest);
    }
  }

  #onDesired(session: DesiredSession): void {
    if (this.#closing || this.#finished.has(session.id)) return;
    if (this.#desired.has(session.id)) this.#desired.set(session.id, session);
    if (this.#lapsed.has(session.id)) return;
    const running = this.#runners.get(session.id);
    if (Object.hasOwn(session.without ?? {}, this.#options.host)) {
      running?.send({ kind: 'stop', ending: { reason: 'stopped' } });
      return;
    }
    if (session.state === 'arm' || session.state === 'run') {
      if (!selects(session.selector, this.#options.host, this.#labels)) {
        this.#pass(session);
        return;
      }
      const runner = running ?? this.#arm(session);
      if (session.state === 'run') {
        runner.send({ kind: 'run', startInMs: this.#startInMs(session) });
      }
    } else {
      this.#passed.delete(session.id);
      running?.send({ kind: 'stop', ending: { reason: 'stopped' } });
    }
  }

  /** A start is never far away, whatever clocks say. */
  #startInMs({ startAtMs = 0 }: DesiredSession): number {
    const waitMs =
      this.#coordinatorClock.untilMs(startAtMs, performance.now()) ?? startAtMs - Date.now();
    return Math.min(Math.max(waitMs, 0), MAX_START_DELAY_MS);
  }

  #arm(session: DesiredSession): RunnerProcess {
    const runner = this.#spare ?? this.#fork();
    this.#spare = this.#fork();
    this.#runners.set(session.id, runner);
    this.#desired.set(session.id, session);
    this.#options.log.info({ session: session.id, runner: runner.pid }, 'arming');
    const { host, nats, leaseMs } = this.#options;
    const { policy } = this.#policy;
    runner.send({ kind: 'pods', changed: this.#pods.all, gone: [] });
    const podsKnown = this.#node?.podsKnown ?? 'none';
    const labels = this.#labels;
    runner.send({ kind: 'arm', session, host, labels, podsKnown, nats, leaseMs, policy });
    this.#govern(session, runner);
    void this.#follow(session, runner);
    return runner;
  }

  /** Ends what takes more than its host can spare; nobody else can say no to a program that is too expensive. */
  #govern({ id, budget }: DesiredSession, armed: RunnerProcess): void {
    this.#governor.begin(id, performance.now(), budget);
    armed.onUsage((usage) => {
      this.#governor.report(id, usage, performance.now());
      const overrun = this.#governor.overrun(performance.now());
      if (overrun === undefined) return;
      const { session, message } = overrun;
      this.#options.log.warn({ session }, message);
      this.#governor.end(session);
      this.#runners.get(session)?.send({ kind: 'stop', ending: { reason: 'budget', message } });
    });
  }

  async #follow(session: DesiredSession, runner: RunnerProcess): Promise<void> {
    const share = new RunnerShare(runner, this.#calls);
    const end = await runner.ended;
    this.#runners.delete(session.id);
    this.#governor.end(session.id);
    if (end.kind === 'done' && end.lapsed) {
      this.#lapsed.add(session.id);
    } else {
      this.#finished.add(session.id);
      this.#desired.delete(session.id);
    }
    if (end.kind === 'done' && end.unsent === undefined) {
      share.close();
      this.#options.log.info({ session: session.id }, 'ended');
      return;
    }
    const left = share.take();
    const message =
      end.kind === 'done'
        ? `its last frames could not be stored: ${end.unsent}`
        : `its runner died (${end.how}); its probes are gone with it`;
    this.#options.log.error({ session: session.id }, message);
    await this.#broker.report({
      version: 1,
      session: session.id,
      host: this.#options.host,
      atMs: Date.now(),
      kind: 'lost',
      message: left.kind === 'unknown' ? `${message}; ${left.why}` : message,
      ...(left.kind === 'known' && { left: left.left }),
    });
  }

  /** A coordinator is there again: what it still wants goes on, with new counts that add to the old ones. */
  #resumeLapsed(): void {
    const ids = [...this.#lapsed];
    this.#lapsed.clear();
    for (const id of ids) {
      const session = this.#desired.get(id);
      if (session === undefined) continue;
      if (this.#broker.stands(id)) this.#onDesired(session);
      else this.#lapsed.add(id);
    }
  }

  #fork(): RunnerProcess {
    const runner = new RunnerProcess(
      new URL(RUNNERS[extname(import.meta.url) as keyof typeof RUNNERS], import.meta.url),
      this.#options.environment,
    );
    void runner.ended.then(() => {
      if (this.#spare === runner) this.#spare = undefined;
    });
    return runner;
  }

  /** What runs was allowed by the policy that held when it began; under another it may not have been. */
  rereadPolicy(): void {
    const { log } = this.#options;
    if (!this.#policy.reread((fault) => log.error(`${fault}; the policy before it still holds`)))
      return;
    log.info({ digest: this.#policy.policy.digest }, 'policy has changed');
    this.#governor.limit(this.#budget());
    this.#stopAll('policy');
  }

  #budget(): Budget {
    return smallerBudget(
      { ...DEFAULT_BUDGET, ...this.#options.budget },
      this.#policy.policy.budget,
    );
  }

  #beat(): void {
    this.rereadPolicy();
    const { host, leaseMs } = this.#options;
    const heartbeat: Heartbeat = {
      version: 1,
      host,
      labels: this.#labels,
      ...this.#description,
      startedAtMs: this.#startedAtMs,
      sentAtNs: String(BigInt(Date.now()) * 1_000_000n),
      bootToUnixNs: String(bootToUnixNs(this.#calls)),
      leaseMs,
      sessions: [...this.#runners.keys()],
      ...this.#refusals(),
      ...policyOf(this.#policy),
    };
    this.#broker.heartbeat(heartbeat);
    const patienceMs = Math.min(leaseMs, STOPPED_PATIENCE_MS);
    for (const runner of this.#runners.values()) runner.watch(patienceMs);
    this.#spare?.watch(patienceMs);
    if (performance.now() - this.#coordinatorHeard > leaseMs && this.#runners.size > 0) {
      this.#options.log.warn({ leaseMs }, 'no word from a coordinator; detaching');
      this.#stopAll('lease');
    }
    this.#endUnrenewed();
  }

  #refusals(): Pick<Heartbeat, 'refusals'> {
    const refused = [...this.#runners].flatMap(([id, { refusal }]) =>
      refusal === undefined ? [] : [[id, refusal] as const],
    );
    return refused.length === 0 ? {} : { refusals: Object.fromEntries(refused) };
  }

  /** Whoever keeps coordinators from renewing what they said keeps no session alive. */
  #endUnrenewed(): void {
    for (const [session, runner] of this.#runners) {
      if (this.#broker.stands(session)) continue;
      const message = 'detached: no coordinator has renewed its order';
      this.#options.log.warn({ session }, message);
      runner.send({ kind: 'stop', ending: { reason: 'lease', message } });
    }
  }

  #stopAll(reason: EndReason): void {
    for (const runner of this.#runners.values()) runner.send({ kind: 'stop', ending: { reason } });
  }
}

function policyOf({ policy, fault }: PolicyFile): Pick<Heartbeat, 'policy'> {
  const { digest, unsafe, redact } = policy;
  if (digest === undefined) return {};
  return { policy: { digest, unsafe, redact, ...(fault === undefined ? {} : { fault }) } };
}
