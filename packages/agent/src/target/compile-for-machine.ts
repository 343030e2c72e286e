/** Compiles a program for this machine: parse, look up what it refers to, compile. */
import {
  compile,
  loadProgram,
  requirements,
  Source,
  type CompileResult,
  type TargetHost,
} from '@bpfleet/lang';
import type { ProgramFiles } from '@bpfleet/protocol';
import type { Machine } from './machine.ts';
import { readTarget } from './read-target.ts';

export interface ProgramRequest {
  readonly name: string;
  readonly text: string;
  readonly files?: ProgramFiles;
  /** Headers that come before the program's own definitions. */
  readonly includes?: readonly string[];
  readonly parameters: readonly string[];
  readonly namedParameters?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly unsafe: boolean;
  /** Who this machine is in its fleet; without one it goes by its own name. */
  readonly host?: TargetHost;
  readonly onFleet?: boolean;
  readonly reportReads?: boolean;
  /** Text does not leave this host. */
  readonly redact?: boolean;
  readonly pid?: number;
  readonly childPid?: number;
  /** Only processes in some control groups are traced. */
  readonly cgroupFilter?: boolean;
  /** Where debug information of programs may be, beside the usual places. */
  readonly debugDirectories?: readonly string[];
  /** Told what is missing and makes the program less able. */
  readonly warn?: (message: string) => void;
}

export function compileForMachine(machine: Machine, request: ProgramRequest): CompileResult {
  const { name, text, files = {}, includes = [], parameters, unsafe, pid, childPid } = request;
  const source = new Source(name, text);
  const { program, diagnostics } = loadProgram(source, files);
  if (program === undefined) return { ok: false, diagnostics };
  const target = readTarget(
    machine,
    requirements(program, { parameters, hasPid: pid !== undefined, unsafe }),
    {
      searchPath: request.environment['PATH'] ?? '',
      unsafe,
      ...(request.host === undefined ? {} : { host: request.host }),
      debug: {
        directories: request.debugDirectories ?? [],
        warn: request.warn ?? ((): void => undefined),
      },
      ...(pid === undefined ? {} : { pid }),
      ...(childPid === undefined ? {} : { childPid }),
    },
  );
  const filtered =
    request.cgroupFilter === true ? { ...target, cgroupFilter: true as const } : target;
  const environment: Record<string, string> = {};
  for (const [key, value] of Object.entries(request.environment)) {
    if (value !== undefined) environment[key] = value;
  }
  const { reportReads = false, redact = false, onFleet = false, namedParameters = [] } = request;
  return compile(source, filtered, {
    parameters,
    namedParameters,
    environment,
    unsafe,
    onFleet,
    reportReads,
    redact,
    files,
    includes,
  });
}
