/** Lowered programs to instructions, and to the session spec with the maps and the schema that they share. */
import { invariant, type ProgramSpec, type ProgramType } from '@bpfleet/bpf/asm';
import type { CheckedProbe, CheckedProgram } from '../analysis/checked-program.ts';
import { typeOfProgram } from '../analysis/kernel-program-type.ts';
import { Diagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ProbeProgram, SessionSpec } from '../session-spec.ts';
import { dispatchPrograms } from './dispatch-program.ts';
import { emitProgram, type WholeProgram } from './emit-program.ts';
import type { IrProgram } from './ir.ts';
import { joinHalves } from './join-halves.ts';
import type { LoweredProbe, LoweredProgram } from './lower.ts';
import { measure } from './measure-program.ts';
import { programName } from './program-name.ts';
import { startedProgram } from './started-program.ts';

/** What a probe has that is too much for a program of the kernel, or nearly so. */
export interface Excess {
  readonly probe: CheckedProbe;
  readonly stack: boolean;
  /** How many times as much as there is room for; 1 and less is not too much. */
  readonly share: number;
}

export type Generated = { readonly excesses: readonly Excess[] } & (
  | { readonly ok: true; readonly made: SessionSpec }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
);

export function generate(
  program: CheckedProgram,
  { programs, session }: LoweredProgram,
): Generated {
  const diagnostics = new Diagnostics();
  const excesses: Excess[] = [];
  let index = 0;
  const made = programs.flatMap((lowered): ProbeProgram[] => {
    const { probe, rest } = lowered;
    if (probe.session?.at === 'return') return [];
    const wholes = [
      emitWhole(lowered, programs),
      ...(rest?.parts ?? []).map((part: IrProgram) => emitProgram(part)),
    ];
    const measured = wholes.map((whole) => measure(probe, whole));
    excesses.push({
      probe,
      stack: measured.some(({ stack }) => stack),
      share: Math.max(...measured.map(({ share }) => share)),
    });
    const faults = measured.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
    const [fault] = faults;
    if (fault !== undefined) {
      diagnostics.add(fault);
      return [];
    }
    const [first, ...others] = wholes.map((whole) => programSpec(program, probe, whole, ++index));
    if (first === undefined) return [];
    const { attach, name, count = 1 } = probe;
    const further = rest === undefined ? {} : { rest: { table: rest.table, programs: others } };
    const cookies = usesCookies(lowered, programs) ? ({ cookies: true } as const) : {};
    return [{ program: first, ...further, attach, probe: name, probes: count, ...cookies }];
  });
  if (diagnostics.failed) return { ok: false, diagnostics: diagnostics.items, excesses };
  const { config } = program;
  return {
    ok: true,
    excesses,
    made: {
      maps: session.mapSpecs(),
      programs: [
        ...(session.usesStarted ? [startedProgram(program, session)] : []),
        ...made,
        ...dispatchPrograms(program),
      ],
      schema: {
        maps: session.mapSchemas,
        events: session.events,
        output: {
          printMapsOnExit: config.printMapsOnExit,
          truncationTrailer: config.strTruncTrailer,
          maxCatBytes: config.maxCatBytes,
        },
      },
      missingProbes: config.missingProbes,
      usesStacks: session.usesStacks,
      usesUnwinding: session.usesUnwinding,
      usesContainers: session.usesContainers,
      packetFiles: session.packetFiles,
      symbols: {
        debugInfo: program.config.showDebugInfo,
        demangle: program.config.cppDemangle,
        cached: program.config.cacheUserSymbols !== 'NONE',
      },
      choices: [...program.choices, ...made.flatMap(typedRawTracepoint)],
    },
  };
}

/** What -v says of a raw tracepoint that the kernel knows the types of. */
function typedRawTracepoint({ program, probe }: ProbeProgram): readonly string[] {
  if (program.tracing?.attachType !== 'raw_tp') return [];
  return [`${probe}: by tp_btf: it calls what takes typed pointers only`];
}

/** With the half for the return of its functions, if it has one. */
function emitWhole(lowered: LoweredProbe, programs: readonly LoweredProbe[]): WholeProgram {
  const back = otherHalf(lowered, programs);
  const entry = emitProgram(lowered.ir);
  return back === undefined ? entry : joinHalves(entry, emitProgram(back.ir));
}

function otherHalf(
  { probe: { session } }: LoweredProbe,
  programs: readonly LoweredProbe[],
): LoweredProbe | undefined {
  if (session === undefined) return undefined;
  return programs.find(
    ({ probe }) => probe.session?.number === session.number && probe.session.at === 'return',
  );
}

/** Of system calls, the number tells them apart. */
function usesCookies(lowered: LoweredProbe, programs: readonly LoweredProbe[]): boolean {
  if (lowered.probe.attach.kind === 'system-calls') return false;
  return [lowered, otherHalf(lowered, programs)].some((half) => half?.probe.names !== undefined);
}

function programSpec(
  program: CheckedProgram,
  probe: CheckedProbe,
  { instructions }: WholeProgram,
  index: number,
): ProgramSpec {
  const type = typeOfProgram(probe, program.target, instructions);
  return {
    name: programName(probe, index),
    type,
    ...tracingOf(probe, type),
    ...multiOf(probe),
    instructions,
    license: program.config.license,
  };
}

function multiOf({ attach }: CheckedProbe): Pick<ProgramSpec, 'multi'> {
  switch (attach.kind) {
    case 'kprobe-multi':
      return { multi: 'kprobe' };
    case 'kprobe-session':
      return { multi: 'kprobe-session' };
    case 'uprobe-multi':
      return { multi: 'uprobe' };
    default:
      return {};
  }
}

function tracingOf(probe: CheckedProbe, type: ProgramType): Pick<ProgramSpec, 'tracing'> {
  const { resolved } = probe;
  if (resolved.kind === 'iter') {
    return { tracing: { attachType: 'iter', function: `bpf_iter_${resolved.iterator}` } };
  }
  if (type !== 'tracing') return {};
  if (resolved.kind === 'rawtracepoint') {
    return { tracing: { attachType: 'raw_tp', function: resolved.event } };
  }
  const returns = probe.provider === 'fexit' || probe.provider === 'kretprobe';
  const attachType = returns ? 'fexit' : 'fentry';
  if (resolved.kind === 'bpf-program') {
    return { tracing: { attachType, function: resolved.name, programId: resolved.id } };
  }
  invariant(
    resolved.kind === 'fentry' || resolved.kind === 'kprobe',
    `lower: ${probe.name} is no tracing probe`,
  );
  return {
    tracing: {
      attachType,
      function: resolved.function,
      ...(resolved.module === undefined ? {} : { module: resolved.module }),
    },
  };
}
