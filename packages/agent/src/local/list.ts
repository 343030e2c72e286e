/** `-l`: the probes and types of this machine that match a pattern, or that a program's attach points stand for. */
import {
  listedPoints,
  loadProgram,
  renderDiagnostics,
  Source,
  type Diagnostic,
} from '@bpfleet/lang';
import { escapeLine } from '@bpfleet/protocol';
import { listPoints } from '../listing/list-points.ts';
import { listProbes } from '../listing/list-probes.ts';
import { NoSuchFileError, type ListedProbe, type ListSettings } from '../listing/probe-lister.ts';
import { compileForMachine } from '../target/compile-for-machine.ts';
import { Machine } from '../target/machine.ts';
import { debugSettings } from './debug-settings.ts';
import type { ListRequest, LocalIo, LocalOptions, ProgramText } from './local-options.ts';
import { machineOptions } from './machine-options.ts';

/** Of a listing, which may have half a million. */
const LINES_AT_ONCE = 2000;

/** @returns the exit code. Throws an Error for what cannot be listed. */
export function list(request: ListRequest, options: LocalOptions, io: LocalIo): number {
  const machine = new Machine(machineOptions(options, io));
  const { debugDirectories: directories, warn } = debugSettings(options, io);
  const settings: ListSettings = {
    arguments: request.arguments,
    searchPath: io.environment['PATH'] ?? '',
    debug: { directories, warn },
    ...(options.pid === undefined ? {} : { pid: options.pid }),
  };
  if (options.source !== undefined) {
    return listProgram(machine, options.source, settings, options, io);
  }
  const { pattern = '' } = request;
  if (/^[^:*]*\.[^:*]*$/.test(pattern)) {
    io.err(
      `WARNING: It appears that '${pattern}' is a filename but the file does not exist. ` +
        `Treating '${pattern}' as a search pattern.\n`,
    );
  }
  print(listProbes(machine, pattern, settings), settings, io);
  return 0;
}

function listProgram(
  machine: Machine,
  { name, text, files }: ProgramText,
  settings: ListSettings,
  options: LocalOptions,
  io: LocalIo,
): number {
  const { parameters, unsafe, pid, warnings } = options;
  const source = new Source(name, text);
  const { program, diagnostics } = loadProgram(source, files);
  const listed =
    program && listedPoints(program, { parameters, unsafe, hasPid: pid !== undefined });
  const all = [...diagnostics, ...(listed?.diagnostics ?? [])];
  const report = (found: readonly Diagnostic[]): void => {
    const shown = found.filter(({ severity }) => severity === 'error' || warnings > 0);
    io.err(renderDiagnostics(shown, { color: io.color }));
  };
  report(all);
  if (listed === undefined || all.some(isError)) return 1;
  try {
    print(listPoints(machine, listed.points, settings), settings, io);
    return 0;
  } catch (error) {
    if (!(error instanceof NoSuchFileError)) throw error;
    // The compiler says where the file is named.
    const { environment } = io;
    const request = { name, text, ...(files === undefined ? {} : { files }), parameters, unsafe };
    const compiled = compileForMachine(machine, {
      ...{ ...request, environment, includes: options.includeFiles },
      ...(pid === undefined ? {} : { pid }),
    });
    const errors = compiled.diagnostics.filter(isError);
    if (errors.length === 0) throw error;
    report(errors);
    return 1;
  }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** Names of functions and types are what somebody wrote into a file. */
function print(probes: Iterable<ListedProbe>, settings: ListSettings, io: LocalIo): void {
  const lines: string[] = [];
  const write = (text: string): void => io.out(io.isTerminal === true ? escapeLine(text) : text);
  for (const probe of probes) {
    lines.push(`${probe.name}\n`);
    if (settings.arguments) for (const one of probe.parameters()) lines.push(`    ${one}\n`);
    if (lines.length >= LINES_AT_ONCE) write(lines.splice(0).join(''));
  }
  write(lines.join(''));
}
