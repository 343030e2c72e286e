/**
 * `bpfleet local`: the runner of an agent with a terminal in place of NATS. Returns the process's exit code; errors
 * of the program and of the machine are printed, never thrown.
 */
import { AttachError } from '@bpfleet/bpf';
import {
  compileStages,
  renderDiagnostics,
  Source,
  type CompileResult,
  type SessionSpec,
} from '@bpfleet/lang';
import {
  decodeText,
  FleetView,
  OWN_FAULT_EXIT_CODE,
  ownFaultText,
  type Frame,
  type FrameHeader,
  type OutputItem,
} from '@bpfleet/protocol';
import { messageOf } from '../message-of.ts';
import { requirePrivileges } from '../privileges.ts';
import { bootToUnixNs } from '../session/clocks.ts';
import { KernelObjects } from '../session/kernel-objects.ts';
import { ProgramRefusedError } from '../session/program-refused-error.ts';
import { Session } from '../session/session.ts';
import type { SessionOptions } from '../session/session-options.ts';
import { Machine } from '../target/machine.ts';
import { filterContainers } from './filter-containers.ts';
import { compileForMachine } from '../target/compile-for-machine.ts';
import { AGENT_VERSION } from '../version.ts';
import { benchmarkCompiler } from './benchmark-compiler.ts';
import { closeInBackground } from './close-in-background.ts';
import { debugSettings } from './debug-settings.ts';
import { filterProbes } from './filter-probes.ts';
import { renderInfo } from './info.ts';
import type { LocalIo, LocalOptions } from './local-options.ts';
import { damagedTypesText } from './kernel-types.ts';
import { machineOptions } from './machine-options.ts';
import { list } from './list.ts';
import { lossWarnings } from './loss-warnings.ts';
import { stopAtEntry } from '../unwind/stop-at-entry.ts';
import { escapesStrings, OutputWriter } from './output-writer.ts';
import { runBenchmarks, runTests, TrialCapture } from './run-trials.ts';
import { requireProcess, watchProcess } from './watch-process.ts';
import { TracedCommand } from './traced-command.ts';

/** Printed on standard output once the probes are attached, for test suites that wait for it. */
const NOTIFY_ATTACHED = '__BPFTRACE_NOTIFY_PROBES_ATTACHED';
const NO_PROBES = 'No probes to attach\n';

export async function runLocal(options: LocalOptions, io: LocalIo): Promise<number> {
  let command: TracedCommand | undefined;
  try {
    if (options.info) {
      io.out(renderInfo(new Machine(machineOptions(options, io))));
      return 0;
    }
    if (options.pid !== undefined) requireProcess(options.pid);
    if (options.list !== undefined) {
      return list(options.list, options, io);
    }
    if (options.debugStages.length === 0 && options.compileOnly === undefined) requirePrivileges();
    if (options.command !== undefined) {
      command = await TracedCommand.start(options.command, io.environment['PATH'] ?? '');
    }
    return await trace(options, io, command);
  } catch (error) {
    return reportFailure(error, options, io);
  } finally {
    command?.kill();
  }
}

/** @returns the exit code */
function reportFailure(error: unknown, { source, verbose }: LocalOptions, io: LocalIo): number {
  const bug = ownFaultText(error, AGENT_VERSION);
  if (bug !== undefined) {
    io.err(`${bug}\n`);
    return OWN_FAULT_EXIT_CODE;
  }
  if (error instanceof ProgramRefusedError && source !== undefined) {
    if (verbose) io.err(`${error.log}\n`);
    const program = new Source(source.name, source.text);
    io.err(error.render(program, { color: io.color }));
    if (error.isOurs(program)) return OWN_FAULT_EXIT_CODE;
  } else if (error instanceof AttachError) {
    for (const line of refusalLines(error)) io.err(`ERROR: ${line}\n`);
    io.err(
      `ERROR: Unable to attach probe: ${error.probe}. ` +
        "If this is expected, set the 'missing_probes' config variable to 'warn'.\n",
    );
  } else {
    io.err(damagedTypesText(error, io.environment) ?? `ERROR: ${messageOf(error)}\n`);
  }
  return 1;
}

/** What the kernel, or who asked it, had against a probe. */
function refusalLines({ cause }: AttachError): readonly string[] {
  return cause instanceof Error ? [cause.message] : [];
}

async function trace(
  options: LocalOptions,
  io: LocalIo,
  command: TracedCommand | undefined,
): Promise<number> {
  const machine = new Machine(machineOptions(options, io));
  const pid = command?.pid ?? options.pid;
  const compile = (): CompileResult =>
    compileForMachine(machine, {
      ...(options.source ?? { name: 'stdin', text: '' }),
      includes: options.includeFiles,
      parameters: options.parameters,
      namedParameters: options.namedParameters,
      environment: io.environment,
      unsafe: options.unsafe,
      reportReads: options.warnings > 1,
      cgroupFilter: options.containers !== undefined,
      ...(pid === undefined ? {} : { pid }),
      ...(command === undefined ? {} : { childPid: command.pid }),
      ...debugSettings(options, io),
    });
  // A command that waits to be traced must not outlive us.
  const whileBusy: NonNullable<LocalIo['whileBusy']> =
    (command === undefined ? io.whileBusy : undefined) ?? ((work) => work());
  const compiled = whileBusy(compile);
  // bpftrace says so as a result, on standard output.
  const hasProbes = compiled.diagnostics.every(({ code }) => code !== 'no-probes');
  const diagnostics = renderDiagnostics(
    compiled.diagnostics.filter(({ severity, code }) =>
      severity === 'error' ? code !== 'no-probes' : options.warnings > 0,
    ),
    { color: io.color },
  );
  if (!compiled.ok) {
    if (diagnostics !== '') io.err(diagnostics);
    if (!hasProbes && !options.quiet) io.out(NO_PROBES);
    return 1;
  }
  if (diagnostics !== '') io.err(diagnostics);
  if (options.compileOnly !== undefined) {
    if (options.compileOnly === 'benchmark') {
      io.out(`${renderInfo(machine)}\n${benchmarkCompiler('compile', compile)}`);
    }
    return 0;
  }
  if (options.debugStages.length > 0) {
    io.out(compileStages(compiled, options.debugStages));
    if (options.debugStages.includes('verifier')) showVerifierLog(compiled.spec, machine, io);
    return 0;
  }
  if (options.verbose) {
    for (const line of machine.kernelFeatures.asked()) io.err(`kernel: ${line}\n`);
  }
  const writer = new OutputWriter(options, io);
  try {
    const view = new FleetView(compiled.spec.schema, {
      fleet: false,
      escapeStrings: escapesStrings(options, io),
    });
    const capture = options.trial === undefined ? undefined : new TrialCapture();
    const show = frameConsumer(view, bootToUnixNs(machine.calls), options.warnings, (items) =>
      capture === undefined ? writer.items(items) : capture.add(items),
    );
    const spec = filterProbes(compiled.spec, options.probeFilter);
    if (spec.programs.length === 0) {
      if (!options.quiet) io.out(NO_PROBES);
      return 1;
    }
    // The libraries of a program are there to be read once it is about to begin.
    if (command !== undefined && spec.usesUnwinding) await stopAtEntry(command, machine.calls);
    const sessionOptions: SessionOptions = {
      onFrame: show,
      queueDropped: () => 0,
      scratchMaps: true,
      onIterated: (bytes) => writer.text(decodeText(bytes)),
      onRefused: (error) => {
        for (const line of refusalLines(error)) io.err(`WARNING: ${line}\n`);
        io.err(`WARNING: Unable to attach probe: ${error.probe}. Skipping.\n`);
      },
      giveBack: closeInBackground,
      ...(io.onEnding === undefined ? {} : { onEnding: io.onEnding }),
      debugDirectories: options.debugDirectories,
      unwoundPids: [...(pid === undefined ? [] : [pid]), ...options.unwoundPids],
      ...filterContainers(options, machine, io),
      ...(options.verbose ? { verbose: (line: string) => io.err(`${line}\n`) } : {}),
    };
    await using session = whileBusy(() =>
      Session.load(spec, machine.sessionMachine, sessionOptions),
    );
    if (capture !== undefined) {
      return await tryPrograms(session, { capture, writer, options, io, machine });
    }
    const idle = whyIdle(spec);
    if (idle !== undefined) throw new Error(idle);
    await session.attach(io.interrupt);
    if (options.dryRun) return 0;
    if (session.probes === 0) throw new Error('Attachment failed for all probes.');
    writer.items([{ kind: 'attached-probes', count: session.probes }]);
    if (io.environment[NOTIFY_ATTACHED] !== undefined) io.out(`${NOTIFY_ATTACHED}\n`);
    io.onUserSignal(() => session.signal('SIGUSR1'));
    const stop = new AbortController();
    const end = (): void => stop.abort({ reason: 'stopped' });
    if (io.interrupt.aborted) end();
    io.interrupt.addEventListener('abort', end, { once: true });
    const watched =
      options.pid === undefined
        ? undefined
        : watchProcess(options.pid, () => stop.abort({ reason: 'exit' }));
    void command?.ended.then(() => stop.abort({ reason: 'exit' }));
    command?.resume();
    await session.run(stop.signal);
    watched?.[Symbol.dispose]();
    writer.text('\n\n');
    if (compiled.spec.schema.output.printMapsOnExit) writer.items(view.maps());
    writer.flush();
    for (const warning of lossWarnings(view.losses())) io.err(warning);
    if (options.verbose && command?.outcome !== undefined) io.err(`${command.outcome}\n`);
    return session.exitCode;
  } finally {
    writer.close();
  }
}

/** Tests and benchmarks wait to be asked for: what to say to a program that has nothing else. */
function whyIdle({ programs }: SessionSpec): string | undefined {
  const kinds = new Set(programs.filter(({ probe }) => probe !== '').map((one) => one.attach.kind));
  if ([...kinds].some((kind) => kind !== 'test' && kind !== 'bench')) return undefined;
  return kinds.has('test')
    ? 'No probes attached; use --test to run test probes.'
    : 'No probes attached; use --bench to run benchmark probes.';
}

interface TrialRun {
  readonly capture: TrialCapture;
  readonly writer: OutputWriter;
  readonly options: LocalOptions;
  readonly io: LocalIo;
  readonly machine: Machine;
}

async function tryPrograms(
  session: Session,
  { capture, writer, options, io, machine }: TrialRun,
): Promise<number> {
  const output = {
    show: (item: OutputItem) => writer.items([item]),
    fail: (message: string) => io.err(`ERROR: ${message}\n`),
  };
  session.begin();
  // What the `begin` programs print is no result.
  capture.take();
  const exitCode =
    options.trial === 'test'
      ? runTests(session, capture, output)
      : runBenchmarks(session, capture, machine.calls, output);
  const over = AbortSignal.abort({ reason: 'exit' });
  await session.run(over);
  writer.text('\n\n');
  writer.flush();
  return exitCode;
}

/** Loads the programs, lets the kernel tell what it made of them, and unloads them. */
function showVerifierLog(spec: SessionSpec, machine: Machine, io: LocalIo): void {
  const onVerifierLog = (probe: string, log: string): void => {
    io.out(`# verifier\n${probe}\n${log}`);
  };
  KernelObjects.load(spec, { ...machine.sessionMachine, onVerifierLog }).dispose();
}

/** Feeds frames through the same view a coordinator has, in one order and with nothing held back. */
function frameConsumer(
  view: FleetView,
  bootToUnix: bigint,
  warnings: number,
  show: (items: readonly OutputItem[]) => void,
): (frame: Frame) => void {
  let header: FrameHeader = {
    session: 'local',
    host: 'local',
    schemaHash: '',
    epoch: 0,
    sequence: -1,
    bootToUnixNs: bootToUnix,
  };
  return (frame) => {
    header = { ...header, sequence: header.sequence + 1 };
    const items = view.apply(header, frame);
    show(warnings > 0 ? items : items.filter((item) => !isRuntimeWarning(item)));
  };
}

function isRuntimeWarning(item: OutputItem): boolean {
  return item.kind === 'helper-error' || item.kind === 'runtime-error' || item.kind === 'warnf';
}
