/** Written attach points into probes of this machine, each with a body of its own. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  badAttachPoint,
  cannotAttach,
  doubtfulProbe,
  noAttachPoints,
  noProbes,
  probeNotFound,
  probeRefused,
  tooManyPrograms,
  tooManyProbes,
  trialNameTaken,
} from '../diagnostics/messages/probes.ts';
import { describePoint } from '../probes/describe-point.ts';
import { expandProvider } from '../probes/expand-provider.ts';
import { refuseKprobe } from '../probes/kprobe.ts';
import type { AttachPointContext } from '../probes/parse-attach-point.ts';
import { isRefusal } from '../probes/probe-kind.ts';
import type { ProbeDraft, TogetherDraft } from '../probes/probe-kind.ts';
import { join, type Span } from '../source.ts';
import type { AttachPoint, Probe, Program } from '../syntax/ast.ts';
import type { ResolvedProbe, Target } from '../target.ts';
import { attachChoices } from './attach-choices.ts';
import { bindBody } from './bind-probes.ts';
import type { BoundProbe } from './bind-probes.ts';
import { dispatchSystemCalls, type ExpandedProbe } from './dispatch-system-calls.ts';
import { joinSessions } from './join-sessions.ts';
import { namesByCookie, sharingOf, type Sharing } from './sharing.ts';
import type { Config } from './config.ts';
import { byRawTracepoints } from './raw-tracepoints.ts';
import { sharePrograms } from './share-programs.ts';
import { readAttachPoint, type ReadAttachPoint } from './read-attach-point.ts';

interface Expansion {
  readonly target: Target;
  readonly config: Config;
  readonly unsafe: boolean;
  readonly context: AttachPointContext;
  readonly diagnostics: Diagnostics;
  /** Older names that have been warned of. */
  readonly warned: Set<string>;
  /** Where each name of a test or benchmark was given. */
  readonly trialNames: Map<string, Span>;
}

export interface ExpandedProgram {
  readonly bound: readonly BoundProbe[];
  /** See `SessionSpec.choices`. */
  readonly choices: readonly string[];
}

export function expandProbes(
  program: Program,
  settings: {
    readonly target: Target;
    readonly config: Config;
    readonly parameters: readonly string[];
    readonly unsafe: boolean;
  },
  diagnostics: Diagnostics,
): ExpandedProgram {
  const { target, config, parameters, unsafe } = settings;
  const context = { parameters, hasPid: target.pid !== undefined, unsafe };
  const expansion: Expansion = {
    ...{ target, config, unsafe, context, diagnostics },
    warned: new Set(),
    trialNames: new Map(),
  };
  const expanded: ExpandedProbe[] = [];
  let programs = 0;
  for (const item of program.items) {
    if (item.kind !== 'probe') continue;
    const drafts = expandProbe(item, programs, expansion);
    if (drafts === undefined) return { bound: [], choices: [] };
    programs += drafts.length;
    expanded.push({ item, drafts });
  }
  const { probes: dispatched, refusals } = dispatchSystemCalls(program, expanded, {
    target,
    config,
  });
  const raw = byRawTracepoints(program, dispatched, target);
  const probes = joinSessions(raw.probes, target).map((one) =>
    sharePrograms(one, { target, config }),
  );
  const bound = probes.flatMap(({ item, drafts }) => drafts.map((draft) => bindBody(item, draft)));
  const choices = [...attachChoices(probes, target), ...refusals, ...raw.refusals];
  if (diagnostics.failed) return { bound, choices };
  if (bound.length === 0) diagnostics.add(noProbes(program.span));
  const count = bound.reduce((sum, { draft }) => sum + (draft.count ?? 1), 0);
  if (count > config.maxProbes) diagnostics.add(tooManyProbes(count, config.maxProbes));
  return { bound, choices };
}

const ONE_ITERATOR = 'iter probe only supports one attach point.';

/** Undefined when there are too many; `before`: how many the program has already. */
function expandProbe(
  probe: Probe,
  before: number,
  expansion: Expansion,
): readonly ProbeDraft[] | undefined {
  const { config, diagnostics } = expansion;
  const sharing = sharingOf(probe);
  const drafts: ProbeDraft[] = [];
  const near: string[] = [];
  let faulty = false;
  let hasIterator = false;
  for (const written of probe.attachPoints) {
    for (const one of expandProvider(written, expansion.context)) {
      const read = readAttachPoint(one, expansion.context, expansion.warned, diagnostics);
      if (read === undefined) {
        faulty ||= one.text !== '' && one.optional !== true;
        continue;
      }
      checkTrialName(read, one, expansion);
      if (read.point.kind === 'iter') {
        if (hasIterator) diagnostics.add(badAttachPoint(one.span, ONE_ITERATOR));
        hasIterator = true;
      }
      const expanded = expand(read, one, sharing, expansion);
      const found = expansion.target.probes[read.key];
      if (found?.kind === 'missing') near.push(...found.near);
      if (expanded === undefined) faulty = true;
      for (const draft of expanded ?? []) drafts.push(named(draft, one));
      if (before + drafts.length > config.maxBpfProgs) {
        const limit = config.maxBpfProgs;
        diagnostics.add(tooManyPrograms(written.span, before + drafts.length, limit));
        return undefined;
      }
    }
  }
  if (drafts.length === 0 && !faulty && config.missingProbes !== 'ignore') {
    const [first] = probe.attachPoints;
    const last = probe.attachPoints.at(-1);
    const span =
      first === undefined || last === undefined ? probe.span : join(first.span, last.span);
    diagnostics.add(noAttachPoints(span, near, config.missingProbes === 'error'));
  }
  return drafts;
}

/** Results are told apart by the names of tests and benchmarks. */
function checkTrialName(
  { point, key }: ReadAttachPoint,
  { span }: AttachPoint,
  { trialNames, diagnostics }: Expansion,
): void {
  if (point.kind !== 'trial') return;
  const earlier = trialNames.get(key);
  if (earlier === undefined) trialNames.set(key, span);
  else diagnostics.add(trialNameTaken(span, point.provider, point.name, earlier));
}

/** Undefined where it was reported that the attach point cannot be had. */
function expand(
  read: ReadAttachPoint,
  written: AttachPoint,
  sharing: Sharing,
  expansion: Expansion,
): readonly ProbeDraft[] | undefined {
  const { point, probeKind } = read;
  const { target, diagnostics } = expansion;
  const kprobe = point.kind === 'kernel-function' && point.provider.startsWith('k');
  const refusal = kprobe ? refuseKprobe(point, target) : undefined;
  if (refusal !== undefined) {
    if (written.optional === true) return [];
    diagnostics.add(probeRefused(written.span, refusal.refusal, refusal.hint));
    return undefined;
  }
  const resolved = probeKind.lookedUp ? lookUp(read, written, expansion) : BUILTIN;
  if (resolved === undefined) return undefined;
  const together =
    sharing === 'each' || resolved.length === 0
      ? undefined
      : withNames(probeKind.expandTogether?.(point, resolved, target), sharing, expansion);
  if (together !== undefined) return together;
  const drafts: ProbeDraft[] = [];
  for (const probe of resolved) {
    const expanded = probeKind.expand(point, probe, target);
    if (!isRefusal(expanded)) {
      drafts.push(...expanded);
    } else if (written.optional !== true) {
      diagnostics.add(probeRefused(written.span, expanded.refusal, expanded.hint));
      return undefined;
    }
  }
  return drafts;
}

/** Undefined where a program cannot find out which of its attach points was hit. */
function withNames(
  drafts: readonly TogetherDraft[] | undefined,
  sharing: Sharing,
  { target, config }: Expansion,
): readonly ProbeDraft[] | undefined {
  if (drafts === undefined) return undefined;
  if (sharing === 'plain') return drafts.map(({ draft }) => draft);
  const named = drafts.flatMap(({ draft, matches }) => {
    const names = namesByCookie(matches, config, target.features.attachCookie);
    return names === undefined ? [] : [{ ...draft, names }];
  });
  return named.length === drafts.length ? named : undefined;
}

const BUILTIN: readonly ResolvedProbe[] = [{ kind: 'builtin' }];

/** A wildcard may match nothing; what is named must be there, unless the config says otherwise. */
function lookUp(
  { key, point }: ReadAttachPoint,
  { span, optional, text }: AttachPoint,
  { target, config, unsafe, diagnostics }: Expansion,
): readonly ResolvedProbe[] | undefined {
  const expansion = target.probes[key] ?? { kind: 'missing', near: [] };
  if (optional === true) return expansion.kind === 'found' ? expansion.probes : [];
  if (expansion.kind === 'refused') {
    diagnostics.add(probeRefused(span, expansion.message, expansion.hint));
    return undefined;
  }
  const fatal = config.missingProbes === 'error';
  if (expansion.kind === 'unattachable') {
    if (config.missingProbes !== 'ignore') {
      for (const one of cannotAttach(span, text, expansion.message, fatal)) diagnostics.add(one);
    }
    return fatal ? undefined : [];
  }
  if (config.missingProbes !== 'ignore') {
    for (const warning of expansion.warnings ?? []) diagnostics.add(doubtfulProbe(span, warning));
  }
  if (expansion.kind === 'found') return expansion.probes;
  if ('wildcard' in point && point.wildcard) return [];
  // The kernel shall say whether it can be attached to.
  if (unsafe && point.kind === 'kernel-function' && point.provider.startsWith('k')) {
    const { module, function: name } = point;
    return [{ kind: 'kprobe', function: name, ...(module === undefined ? {} : { module }) }];
  }
  if (config.missingProbes === 'ignore') return [];
  diagnostics.add(probeNotFound(span, describePoint(point), expansion.near, fatal));
  return fatal ? undefined : [];
}

/** `name=` before the attach point is what `probe` gives. */
function named(draft: ProbeDraft, { name }: AttachPoint): ProbeDraft {
  if (name === undefined) return draft;
  const { names, ...unnamed } = draft;
  return names === undefined ? { ...draft, name } : { ...unnamed, name };
}
