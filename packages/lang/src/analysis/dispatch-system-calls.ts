/**
 * Many tracepoints of system calls as one. All `sys_enter_…` are raised by the kernel's one `sys_enter`, and each perf event
 * on one of them takes the kernel a grace period to give back: with a wildcard these add up to half a minute. Instead one
 * program at the raw tracepoint goes on to the program of the call's number, by a tail call.
 */
import { archOf } from '../arch/arch-of.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Probe, Program } from '../syntax/ast.ts';
import type { SystemCallPhase } from '../session-spec.ts';
import type { ResolvedProbe, Target, TracepointField } from '../target.ts';
import type { Config } from './config.ts';
import { sharedNames, sharingOf } from './sharing.ts';
import { usesEvent } from './uses-event.ts';

/** A written probe and what it stands for. */
export interface ExpandedProbe {
  readonly item: Probe;
  readonly drafts: readonly ProbeDraft[];
}

export interface Dispatch {
  readonly probes: readonly ExpandedProbe[];
  /** Why not, where it would have been worth while. */
  readonly refusals: readonly string[];
}

/** As many perf events are given back in a fraction of a second. */
const WORTH_WHILE = 8;

const ARGUMENTS_AT = 16;
const WORD = 8;

export function dispatchSystemCalls(
  program: Program,
  probes: readonly ExpandedProbe[],
  { target, config }: { readonly target: Target; readonly config: Config },
): Dispatch {
  const refusals: string[] = [];
  let dispatched = probes;
  for (const phase of ['enter', 'exit'] as const) {
    const counts = probes.map(
      ({ drafts }) => drafts.filter((draft) => callOf(draft, phase) !== undefined).length,
    );
    if (Math.max(0, ...counts) < WORTH_WHILE) continue;
    const refusal = refuse(program, dispatched, phase, target);
    if (refusal === undefined) dispatched = dispatchPhase(dispatched, phase, target, config);
    else refusals.push(`tracepoint:syscalls:sys_${phase}_*: one perf event each: ${refusal}`);
  }
  return { probes: dispatched, refusals };
}

function refuse(
  program: Program,
  probes: readonly ExpandedProbe[],
  phase: SystemCallPhase,
  target: Target,
): string | undefined {
  const { systemCalls } = target;
  if (systemCalls?.kind !== 'known') return systemCalls?.reason ?? 'not asked for';
  const functions = program.items.filter((item) => item.kind === 'subprogram');
  for (const { item, drafts } of probes) {
    // Programs of one event run in the order of the source: all are attached in the same way.
    if (!drafts.some((draft) => callOf(draft, phase) !== undefined)) continue;
    const used = [item, ...functions]
      .map((one) => usesEvent(one, true))
      .find((name) => name !== undefined);
    if (used !== undefined) return `the program uses '${used}'`;
  }
  return undefined;
}

function dispatchPhase(
  probes: readonly ExpandedProbe[],
  phase: SystemCallPhase,
  target: Target,
  config: Config,
): readonly ExpandedProbe[] {
  const { numbers } = archOf(target).systemCalls;
  let groups = 0;
  return probes.map(({ item, drafts }) => {
    const others: ProbeDraft[] = [];
    /** Of one event each: what is matched twice runs twice. */
    const rounds: { readonly calls: Map<number, ProbeDraft>; readonly map: string }[] = [];
    for (const draft of drafts) {
      const call = callOf(draft, phase);
      const number = call === undefined ? undefined : numbers.get(call);
      if (number === undefined || !hasUsualFields(draft.resolved, phase)) {
        others.push(draft);
        continue;
      }
      let round = rounds.find(({ calls }) => !calls.has(number));
      if (round === undefined) {
        round = { calls: new Map(), map: `${phase}_calls_${groups++}` };
        rounds.push(round);
      }
      round.calls.set(number, draft);
    }
    const sharing = sharingOf(item);
    const together = `tracepoint:syscalls:sys_${phase}_*`;
    const inTable = ({ calls, map }: (typeof rounds)[number]): readonly ProbeDraft[] => {
      if (sharing === 'plain') return [atCalls(phase, map, [...calls], together)];
      const byNumber = new Map([...calls].map(([number, { name }]) => [number, name]));
      const names = sharing === 'each' ? undefined : sharedNames(byNumber, config);
      return names === undefined
        ? [...calls].map((call) => atCalls(phase, map, [call], call[1].name))
        : [{ ...atCalls(phase, map, [...calls], together), names }];
    };
    return { item, drafts: [...others, ...rounds.flatMap(inTable)] };
  });
}

function atCalls(
  phase: SystemCallPhase,
  map: string,
  calls: readonly (readonly [number, ProbeDraft])[],
  name: string,
): ProbeDraft {
  const [first] = calls;
  if (first === undefined) throw new TypeError('no system calls to attach to');
  return {
    ...first[1],
    name,
    attach: {
      kind: 'system-calls',
      phase,
      map,
      calls: calls.map(([number, draft]) => ({ number, probe: draft.name })),
    },
    context: 'system_call',
    count: calls.length,
  };
}

/** `read` of `sys_enter_read`. */
function callOf({ resolved, attach }: ProbeDraft, phase: SystemCallPhase): string | undefined {
  if (resolved.kind !== 'tracepoint' || attach.kind !== 'tracepoint') return undefined;
  const start = `sys_${phase}_`;
  return resolved.category === 'syscalls' && resolved.event.startsWith(start)
    ? resolved.event.slice(start.length)
    : undefined;
}

/** The number, then the arguments or the result, in 8 bytes each: what else a record has is not at the raw tracepoint. */
function hasUsualFields(resolved: ResolvedProbe, phase: SystemCallPhase): boolean {
  if (resolved.kind !== 'tracepoint') return false;
  const words = phase === 'enter' ? 6 : 1;
  return resolved.fields.every((field) => field.offset < ARGUMENTS_AT || isWord(field, words));
}

function isWord({ offset, size, dynamic }: TracepointField, words: number): boolean {
  const index = (offset - ARGUMENTS_AT) / WORD;
  return dynamic === undefined && size <= WORD && Number.isInteger(index) && index < words;
}
