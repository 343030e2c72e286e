/** A checked program to a session spec: each probe to one kernel program, then what they share. */
import { invariant, type ProgramSpec, type ProgramType } from '@bpfleet/bpf/asm';
import type { CheckedProbe, CheckedProgram } from '../analysis/checked-program.ts';
import { Diagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { stackExceeded, tooManyFunctions, tooManyMaps } from '../diagnostics/messages/limits.ts';
import type { ProbeProgram, SessionSpec } from '../session-spec.ts';
import { dispatchPrograms } from './dispatch-program.ts';
import { emitProgram, type WholeProgram } from './emit-program.ts';
import { CodegenFault } from './codegen-fault.ts';
import type { IrProgram } from './ir.ts';
import { joinHalves } from './join-halves.ts';
import { lowerProbe } from './lower-probe.ts';
import { programName } from './program-name.ts';
import { typeOfProgram } from '../analysis/kernel-program-type.ts';
import { SessionPlan } from './session-plan.ts';
import { FRAME_BYTES } from './stack-frame.ts';
import { startedProgram } from './started-program.ts';

/** https://github.com/torvalds/linux/blob/v6.12/include/linux/bpf_verifier.h */
const MAX_USED_MAPS = 64;
/** `BPF_MAX_SUBPROGS` there, with the main program. */
const MAX_FUNCTIONS = 256;

interface LoweredProbe {
  readonly probe: CheckedProbe;
  readonly ir: IrProgram;
}

export interface LoweredProgram {
  readonly programs: readonly LoweredProbe[];
  readonly session: SessionPlan;
}

export type LowerResult<Made> =
  | { readonly ok: true; readonly made: Made }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** To the intermediate representation. */
export function lower(program: CheckedProgram): LowerResult<LoweredProgram> {
  const lowered = lowerIn(program, new SessionPlan(program));
  if (!lowered.ok || !lowered.made.session.exceedsScratch) return lowered;
  return lowerIn(program, new SessionPlan(program, 'array'));
}

function lowerIn(program: CheckedProgram, session: SessionPlan): LowerResult<LoweredProgram> {
  const diagnostics = new Diagnostics();
  const programs = program.probes.flatMap((probe) => {
    const ir = attempt(diagnostics, () => lowerProbe(program, probe, session));
    return ir === undefined ? [] : [{ probe, ir }];
  });
  if (diagnostics.failed) return { ok: false, diagnostics: diagnostics.items };
  return { ok: true, made: { programs, session } };
}

/** To instructions, maps and schema. */
export function generate(
  program: CheckedProgram,
  { programs, session }: LoweredProgram,
): LowerResult<SessionSpec> {
  const diagnostics = new Diagnostics();
  const made = programs.flatMap((lowered, index): ProbeProgram[] => {
    const { probe } = lowered;
    if (probe.session?.at === 'return') return [];
    const spec = attempt(diagnostics, () =>
      programSpec(program, probe, emitWhole(lowered, programs), index + 1),
    );
    if (spec === undefined) return [];
    const { attach, name, count = 1 } = probe;
    const cookies = usesCookies(lowered, programs) ? ({ cookies: true } as const) : {};
    return [{ program: spec, attach, probe: name, probes: count, ...cookies }];
  });
  if (diagnostics.failed) return { ok: false, diagnostics: diagnostics.items };
  const { config } = program;
  return {
    ok: true,
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
      packetFiles: session.packetFiles,
      symbols: {
        debugInfo: program.config.showDebugInfo,
        demangle: program.config.cppDemangle,
        cached: program.config.cacheUserSymbols !== 'NONE',
      },
      choices: program.choices,
    },
  };
}

function attempt<Made>(diagnostics: Diagnostics, make: () => Made): Made | undefined {
  try {
    return make();
  } catch (fault) {
    if (!(fault instanceof CodegenFault)) throw fault;
    diagnostics.add(fault.diagnostic);
    return undefined;
  }
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
  { instructions, frameBytes, functionCount }: WholeProgram,
  index: number,
): ProgramSpec {
  if (functionCount > MAX_FUNCTIONS) {
    const { span } = probe.body;
    throw new CodegenFault(tooManyFunctions(span, probe.name, functionCount, MAX_FUNCTIONS));
  }
  if (frameBytes > FRAME_BYTES) {
    throw new CodegenFault(stackExceeded(probe.body.span, probe.name, frameBytes, FRAME_BYTES));
  }
  const type = typeOfProgram(probe, program.target, instructions);
  const maps = new Set(instructions.flatMap(({ map }) => (map === undefined ? [] : [map])));
  if (maps.size > MAX_USED_MAPS) {
    throw new CodegenFault(tooManyMaps(probe.body.span, probe.name, maps.size, MAX_USED_MAPS));
  }
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
