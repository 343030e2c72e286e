/** One probe's body to one program in the intermediate representation. */
import type { CheckedProbe, CheckedProgram } from '../analysis/checked-program.ts';
import type { Block } from '../syntax/ast.ts';
import { INT64 } from '../types/scalars.ts';
import { archOf } from '../arch/arch-of.ts';
import { loopsTooDeep } from '../diagnostics/messages/limits.ts';
import { findScratch, isReentrant, releaseScratch, reservedBytes } from './claim-scratch.ts';
import { callDepth, placeTooDeep } from './callback-loops.ts';
import { CodegenFault } from './codegen-fault.ts';
import type { IrProgram, VirtualRegister } from './ir.ts';
import { IrBuilder } from './ir-builder.ts';
import { lowerBlockValue } from './lower-block.ts';
import { lowerFunctions } from './lower-function.ts';
import { filterCgroup } from './filter-cgroup.ts';
import { branchIf } from './lower-condition.ts';
import { lowerProcess } from './lower-process.ts';
import { makeLowering } from './make-lowering.ts';
import { placeForParts, placeVariables } from './place-variables.ts';
import type { Lowering, VariableHome } from './lowering.ts';
import { inScope, pointing } from './memory.ts';
import { Scratch } from './scratch.ts';
import type { SessionPlan } from './session-plan.ts';
import { FRAME_BYTES } from './stack-frame.ts';
import { sourceLine } from './source-line.ts';
import { onlyCondition, type BodyPart } from './split-body.ts';

/** `MAX_CALL_FRAMES` of the kernel without that of the main program. */
const MAX_CALL_DEPTH = 7;
/** Of a frame, for what helpers are given most often. */
const SPARED_BYTES = 16;

export interface ProbeShape {
  readonly part: BodyPart;
  /** Values are kept beside the stack, of which there was not enough. */
  readonly spareStack: boolean;
}

/** The program of the probe, or of one part of its body. */
export function lowerProbe(
  program: CheckedProgram,
  probe: CheckedProbe,
  session: SessionPlan,
  { part, spareStack }: ProbeShape,
): IrProgram {
  const { body } = part;
  const isWhole = part.count === 1;
  const stackBytes = spareStack ? SPARED_BYTES : stackShare(program, body);
  const b = new IrBuilder({ arguments: 1, stackBytes });
  const exit = b.label('exit');
  const result = isTrial(probe) ? b.copy(0n) : undefined;
  const claimed = isReentrant(probe) ? b.copy(0n) : undefined;
  const scratch = new Scratch(() => findScratch(l, claimed), reservedBytes(probe));
  const variables = new Map<string, VariableHome>();
  const arch = archOf(program.target);
  b.openHere();
  const parts = {
    b,
    scratch,
    variables,
    loops: [],
    exit,
    result: homeOfResult(result),
    leaving: undefined,
  };
  const l = makeLowering(
    { program, probe, session, arch, functions: new Map(), spareStack },
    parts,
  );
  if (!isWhole) placeForParts(l, variables, part.index === 0);
  lowerFunctions(l, body);
  if (isWhole) placeVariables(l, [body], variables);
  if (part.index === 0) {
    filterProcess(l);
    filterCgroup(l);
    stopAfterExit(l);
  }
  lowerBody(l, body);
  goOn(l, part, claimed);
  const ir = b.finish(() => {
    b.place(exit);
    if (claimed !== undefined && scratch.sizeBytes > 0) releaseScratch(l, claimed);
    b.return(result ?? returnValue(probe));
  });
  session.needScratch(scratch.sizeBytes);
  return ir;
}

function homeOfResult(register: VirtualRegister | undefined): VariableHome | undefined {
  return register === undefined ? undefined : { kind: 'register', register, type: INT64 };
}

/** The functions of a chain of calls share one frame, half of it left to spilled registers. */
function stackShare(program: CheckedProgram, body: Block): number {
  const depth = callDepth(program, body);
  if (depth > MAX_CALL_DEPTH) {
    const place = placeTooDeep(program, body, MAX_CALL_DEPTH) ?? body.span;
    throw new CodegenFault(loopsTooDeep(place, depth, MAX_CALL_DEPTH));
  }
  const share = FRAME_BYTES / 2 / (1 + depth);
  return Math.floor(share / 8) * 8;
}

/** A predicate is an `if` around the whole body: what it turns away shall cost as little as can be. */
function lowerBody(l: Lowering, body: Block): void {
  const condition = onlyCondition(body);
  l.b.openHere();
  if (condition === undefined) {
    lowerBlockValue(l, body);
    return;
  }
  l.b.from(sourceLine(condition.condition.span));
  inScope(l, () => {
    branchIf(l, condition.condition, false, l.exit);
  });
  lowerBody(l, condition.then);
}

/** From the end of a part to the next, which has a frame, registers and memory of its own but what variables are in. */
function goOn(l: Lowering, part: BodyPart, claimed: VirtualRegister | undefined): void {
  const next = part.index + 1;
  if (next === part.count) return;
  if (claimed !== undefined) {
    releaseScratch(l, claimed);
    l.b.move(claimed, 0n);
  }
  const table = l.session.partTable(l.probe, part.count);
  l.b.call('tail_call', l.b.context, { kind: 'map', map: table }, BigInt(next));
}

/** For `-p`, where the kernel does not filter by itself. */
function filterProcess(l: Lowering): void {
  const { filterPid } = l.probe;
  if (filterPid === undefined) return;
  l.b.branch('ne', lowerProcess(l, 'pid', false), BigInt(filterPid), l.exit);
}

/**
 * What happens between `exit()` and the end of the session is not traced any more; but an iterator walks over everything,
 * as it does in bpftrace.
 */
function stopAfterExit(l: Lowering): void {
  if (!l.session.exits || isManual(l.probe) || l.probe.attach.kind === 'iter') return;
  const exited = l.b.load(8, pointing(l.b.mapValue(l.session.exitedMap)));
  l.b.branch('ne', exited, 0n, l.exit);
}

/** Run by the session itself, which knows when. */
function isManual({ attach }: CheckedProbe): boolean {
  return ['begin', 'end', 'self-signal', 'test', 'bench'].includes(attach.kind);
}

/** Tests and benchmarks say by their result how they went. */
function isTrial({ attach }: CheckedProbe): boolean {
  return attach.kind === 'test' || attach.kind === 'bench';
}

/** A tracepoint program that returns 0 hides the event from perf. */
function returnValue(probe: CheckedProbe): bigint {
  return probe.context === 'tracepoint' ? 1n : 0n;
}
