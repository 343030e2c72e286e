/**
 * One session in the kernel: loaded, attached, drained into frames, and ended in order.
 *
 *     load → attach (begin programs, then probes) → run → detach → end programs → last drain → last maps → end
 */
import { RingBuffer, RingConsumer, type BpfMap, type Program } from '@bpfleet/bpf';
import { KERNEL_MAPS, type SessionSpec } from '@bpfleet/lang';
import type { EndReason, Ending, Frame } from '@bpfleet/protocol';
import { Attachments } from './attachments.ts';
import { bootNs } from './clocks.ts';
import { CostMeter } from './cost-meter.ts';
import { EventPump } from './event-pump.ts';
import { KernelObjects } from './kernel-objects.ts';
import { LossMeter } from './loss-meter.ts';
import { MapStream } from './map-stream.ts';
import type { SessionMachine, SessionOptions } from './session-options.ts';
import { ProcessHistory } from '../symbols/process-history.ts';
import { openPacketCapture, type PacketCapture } from './packet-capture.ts';
import { walkIterators } from './walk-iterators.ts';
import { UserSymbols } from '../symbols/user-symbols.ts';
import { withUnwindTables, type UnwindSetup } from '../unwind/with-unwind-tables.ts';
import { NameStream } from './name-stream.ts';
import type { TrialOutcome, TrialProgram } from './trial.ts';

const KERNEL_NAMES_HIDDEN =
  'kernel addresses have no names: the kernel hides them (kernel.kptr_restrict, or CAP_SYSLOG is missing)';

/** So that the events of many runs have room. */
const RUNS_BETWEEN_DRAINS = 256;
/** How often names of processes that may soon be gone are looked up, milliseconds. */
const GATHER_MS = 250;

export class Session implements AsyncDisposable {
  readonly #spec: SessionSpec;
  readonly #machine: SessionMachine;
  readonly #options: SessionOptions;
  readonly #objects: KernelObjects;
  readonly #names: NameStream;
  readonly #users: UserSymbols;
  readonly #unwinding: UnwindSetup;
  #history: ProcessHistory | undefined;
  readonly #maps: MapStream;
  readonly #pump: EventPump;
  readonly #losses: LossMeter;
  readonly #cost: CostMeter | undefined;
  readonly #ring: RingBuffer;
  readonly #packets: PacketCapture | undefined;
  #consumer: RingConsumer | undefined;
  readonly #attachments: Attachments;
  readonly #cgroups: Disposable | undefined;
  #failure: Error | undefined;
  #finished = false;
  #end: Ending & { readonly exitCode: number } = { reason: 'stopped', exitCode: 0 };
  #wake: () => void = () => undefined;

  private constructor(
    spec: SessionSpec,
    objects: KernelObjects,
    machine: SessionMachine,
    options: SessionOptions,
    unwinding: UnwindSetup,
  ) {
    this.#spec = spec;
    this.#unwinding = unwinding;
    this.#machine = machine;
    this.#options = options;
    this.#objects = objects;
    this.#attachments = new Attachments(spec, objects, machine, options);
    this.#users = new UserSymbols({
      ...spec.symbols,
      programs: probedPrograms(spec),
      debugDirectories: options.debugDirectories ?? [],
      history: () => this.#history,
    });
    this.#names = new NameStream(objects, machine.names, this.#users, options.onFrame);
    this.#maps = new MapStream(spec.schema, objects, this.#names, {
      ...options,
      onlyAtEnd: options.mapIntervalMs === undefined,
      bootNs: () => bootNs(machine.calls),
    });
    this.#losses = new LossMeter(objects, {
      queueDropped: options.queueDropped,
      bootNs: () => bootNs(machine.calls),
      onFrame: options.onFrame,
    });
    this.#packets = openPacketCapture(spec, objects, machine);
    if (options.measureCost === true) {
      const { calls, onlineCpus } = machine;
      this.#cost = new CostMeter(objects, calls, onlineCpus.length, options.onFrame);
    }
    this.#ring = new RingBuffer(objects.ring, machine.calls, machine.pageSize);
    const tally = options.tally;
    if (tally !== undefined) {
      this.#ring.onConsume((position) => tally.write({ position, events: this.#pump.read }));
    }
    const actions = {
      onFrame: (frame: Frame) => {
        // Ahead of what came after it, so that a receiver knows where something is missing.
        if (frame.kind === 'events') this.#losses.reportEvents();
        options.onFrame(frame);
      },
      onPrintMap: (event: number, nsecs: bigint) => this.#maps.print(event, nsecs),
      onClear: (map: string) => this.#maps.clear(map),
      onZero: (map: string) => this.#maps.zero(map),
      onExit: (code: number) => this.#exit(code),
    };
    const cgroups = objects.find(KERNEL_MAPS.cgroups);
    if (cgroups !== undefined) this.#cgroups = options.filterCgroups?.(cgroups);
    // An iterator walks over everything, whatever its program says at one of its stops.
    const walks = spec.programs.some(({ attach }) => attach.kind === 'iter');
    this.#pump = new EventPump(spec.schema, this.#names, actions, {
      readsOn: walks,
      redact: options.redact === true,
    });
  }

  /** Creates the maps and loads the programs; nothing is attached. Throws MapError, ProgramRefusedError, LoadError. */
  static load(spec: SessionSpec, machine: SessionMachine, options: SessionOptions): Session {
    const unwinding = withUnwindTables(spec, options.unwoundPids ?? []);
    const objects = KernelObjects.load(unwinding.spec, machine);
    try {
      unwinding.fill(objects);
      return new Session(spec, objects, machine, options, unwinding);
    } catch (error) {
      objects.dispose();
      throw error;
    }
  }

  /** Probes that `attach` attaches, `begin` and `end` included. */
  get probes(): number {
    return this.#attachments.count;
  }

  /** Kernel memory of all its maps. */
  get mapBytes(): number {
    return this.#objects.mapBytes;
  }

  /** For whoever is to know what is lost when this process is killed. */
  get lossMaps(): { readonly ring: BpfMap; readonly losses: BpfMap } {
    return { ring: this.#objects.ring, losses: this.#objects.map(KERNEL_MAPS.losses) };
  }

  get endReason(): EndReason {
    return this.#end.reason;
  }

  get exitCode(): number {
    return this.#end.exitCode;
  }

  /**
   * Runs the `begin` programs and attaches the rest, until `stop` is aborted. Throws AttachError, with nothing left
   * attached.
   */
  async attach(stop?: AbortSignal): Promise<void> {
    for (const choice of this.#spec.choices) this.#options.verbose?.(choice);
    this.#followProcesses();
    if (this.#spec.usesContainers) this.#machine.names.followCgroups();
    this.#runPrograms('begin');
    await this.#attachments.attach(stop);
    this.#users.preload();
    void this.#history?.lookAtRunning();
  }

  /** While they live. */
  #gather(): void {
    this.#history?.update();
    if (this.#maps.hasProcessNames) this.#maps.gatherProcessNames();
  }

  /** Whether processes are looked at before their names are asked for. */
  get #keepsNames(): boolean {
    const has = this.#maps.hasProcessNames || this.#pump.hasProcessNames;
    return has && this.#spec.symbols.cached;
  }

  /** Addresses of processes that are gone can be named if what they mapped was written down. */
  #followProcesses(): void {
    if (!this.#keepsNames && !this.#spec.usesUnwinding) return;
    const { calls, onlineCpus: cpus, pageSize } = this.#machine;
    this.#history = ProcessHistory.follow(
      calls,
      { cpus, pageSize, atOnce: this.#spec.usesUnwinding },
      (events) => this.#unwinding.follow(events),
    );
  }

  /** Runs the `begin` programs and attaches nothing: for tests and benchmarks. */
  begin(): void {
    this.#runPrograms('begin');
  }

  /** The programs of `test` or `bench` probes, in the order of the source. */
  trials(kind: 'test' | 'bench'): readonly TrialProgram[] {
    return this.#objects.programs.flatMap(({ program, spec: { attach } }) =>
      attach.kind === kind ? [{ name: attach.name, program }] : [],
    );
  }

  /** Runs a program a number of times, and sends on what it printed. Not while the session runs. */
  try(program: Program, times = 1): TrialOutcome {
    const started = process.hrtime.bigint();
    let result = 0;
    for (let run = 0; run < times; run++) {
      result = program.testRun();
      if (run % RUNS_BETWEEN_DRAINS === RUNS_BETWEEN_DRAINS - 1) this.#drain();
    }
    const durationNs = process.hrtime.bigint() - started;
    this.#drain();
    const { exitCode } = this.#end;
    this.#finished = false;
    this.#end = { reason: 'stopped', exitCode: 0 };
    this.#pump.resume();
    return { result, exitCode, durationNs };
  }

  /** Only `begin`, `end` and the like: nothing will happen after the `begin` programs have run. */
  get onlyManual(): boolean {
    const manual = (kind: string): boolean => kind === 'begin' || kind === 'end';
    return this.#spec.programs.every((program) => manual(program.attach.kind));
  }

  /**
   * Streams until the program exits, `stop` is aborted (its reason is the Ending) or the duration is over;
   * then detaches, runs the `end` programs, and sends what is left. Throws what broke it meanwhile.
   */
  async run(stop: AbortSignal, durationMs?: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const onStop = (): void => {
      this.#finish(stop.reason as Ending, 0);
    };
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop, { once: true });
    const duration =
      durationMs === undefined
        ? undefined
        : setTimeout(() => this.#finish({ reason: 'duration' }, 0), durationMs);
    const ticks =
      this.#options.mapIntervalMs === undefined
        ? undefined
        : setInterval(() => this.#tick(), this.#options.mapIntervalMs);
    const gathering = this.#keepsNames ? setInterval(() => this.#gather(), GATHER_MS) : undefined;
    const cpus = this.#attachments.watchCpus();
    this.#consume();
    this.#walkIterators();
    if (this.#finished) this.#wake();
    await woken;
    stop.removeEventListener('abort', onStop);
    clearTimeout(duration);
    clearInterval(ticks);
    clearInterval(gathering);
    cpus?.[Symbol.dispose]();
    await this.#conclude();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends a session that was never attached. */
  abandon(ending: Ending): void {
    this.#end = { ...ending, exitCode: 0 };
    this.#options.onFrame({ kind: 'end', ...this.#end });
  }

  /** Runs the programs of `self:signal:…` probes. */
  signal(name: string): void {
    for (const { program, spec } of this.#objects.programs) {
      if (spec.attach.kind === 'self-signal' && spec.attach.signal === name) program.testRun();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#consumer?.stop();
    this.#history?.[Symbol.dispose]();
    this.#cgroups?.[Symbol.dispose]();
    await this.#attachments.detach();
    this.#packets?.close();
    this.#ring.close();
    this.#cost?.close();
    this.#objects.dispose();
  }

  #consume(): void {
    this.#consumer = new RingConsumer(this.#ring, this.#machine.calls, {
      onRecord: (record) => this.#pump.record(record),
      // A host that is busy with commands still hears that it is to stop.
      isEnough: () => this.#pump.hasActed(),
      onDrained: () => {
        this.#pump.flush();
        if (this.onlyManual) this.#finish({ reason: 'exit' }, 0);
      },
      onError: (error) => this.#fail(error),
    });
    this.#packets?.consume((error) => this.#fail(error));
    if (this.onlyManual) {
      this.#consumer.flush();
      this.#finish({ reason: 'exit' }, 0);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#finish({ reason: 'stopped' }, 1);
  }

  #drain(): void {
    this.#ring.drain((record) => this.#pump.record(record));
    this.#pump.flush();
  }

  /** An iterator is over when all has been walked over, and the session with it. */
  #walkIterators(): void {
    const { iterators } = this.#attachments;
    if (iterators.length === 0) return;
    walkIterators(iterators, (bytes) => this.#options.onIterated?.(bytes));
    this.#consumer?.flush();
    this.#finish({ reason: 'exit' }, 0);
  }

  #tick(): void {
    this.#maps.streamChanges();
    this.#names.flush();
    this.#losses.report();
    this.#cost?.report();
  }

  /** Nothing waits for the kernel to forget the probes, which takes it long: only for the programs to stop. */
  async #conclude(): Promise<void> {
    await this.#attachments.stop();
    this.#options.onEnding?.();
    if (this.#end.reason === 'stopped') this.#pump.stopActing();
    this.#consumer?.flush();
    this.#pump.resume();
    this.#runPrograms('end');
    this.#consumer?.flush();
    this.#pump.flush();
    this.#consumer?.stop();
    this.#packets?.drain();
    this.#reportRing();
    this.#names.settle();
    this.#maps.streamAll();
    this.#reportSlowMaps();
    this.#losses.report();
    this.#cost?.report();
    if (this.#machine.names.kernelNamesHidden) this.#options.verbose?.(KERNEL_NAMES_HIDDEN);
    this.#options.onFrame({ kind: 'end', ...this.#end });
  }

  #reportRing(): void {
    const { verbose } = this.#options;
    if (verbose === undefined || this.#consumer === undefined) return;
    const { records, drains, wakeUps, sizeBytes, peakBytes } = this.#consumer.statistics;
    const lost = this.#losses.read().ringBuffer;
    verbose(
      `ring buffer: ${records} events in ${drains} drains, ${wakeUps} wake-ups; ` +
        `at most ${peakBytes} of ${sizeBytes} bytes in use; ${lost} events lost`,
    );
  }

  #reportSlowMaps(): void {
    for (const { name, kernelMap } of this.#spec.schema.maps) {
      const map = this.#objects.find(kernelMap);
      if (map?.readSlowly !== true) continue;
      const why = this.#machine.mapBatches === false ? 'switched off' : 'not in this kernel';
      this.#options.verbose?.(
        `map ${name}: read entry by entry: batch commands for ${map.spec.type} maps are ${why}`,
      );
    }
  }

  #exit(code: number): void {
    // Of the `end` programs: the session is over, but they have the last word on its exit code.
    if (this.#finished) this.#end = { ...this.#end, exitCode: code };
    this.#finish({ reason: 'exit' }, code);
  }

  #finish(ending: Ending, exitCode: number): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#end = { ...ending, exitCode };
    this.#wake();
  }

  #runPrograms(kind: 'begin' | 'end'): void {
    for (const { program, spec } of this.#objects.programs) {
      if (spec.attach.kind === kind) program.testRun();
    }
  }
}

/** The files that user probes are in. */
function probedPrograms({ programs }: SessionSpec): readonly string[] {
  const paths = programs.flatMap(({ attach }) => {
    const places = attach.kind === 'each' ? attach.places.map((place) => place.attach) : [attach];
    return places.flatMap((place) => (place.kind === 'uprobe' ? [place.path] : []));
  });
  return [...new Set(paths)];
}
