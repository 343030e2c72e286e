/** Written attach points into probes of this machine, each with a body of its own. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { deprecatedName, notSupportedYet } from '../diagnostics/messages/names.ts';
import {
  badAttachPoint,
  noProbes,
  probeNotFound,
  probeRefused,
  tooManyPrograms,
  tooManyProbes,
  trialNameTaken,
  unknownProvider,
} from '../diagnostics/messages/probes.ts';
import { refuseKprobe } from '../probes/kernel-function.ts';
import { parseAttachPoint } from '../probes/parse-attach-point.ts';
import type { AttachPointResult } from '../probes/parse-attach-point.ts';
import { isRefusal } from '../probes/probe-kind.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Span } from '../source.ts';
import type { AttachPoint, Program } from '../syntax/ast.ts';
import type { ResolvedProbe, Target } from '../target.ts';
import { bindBody } from './bind-probes.ts';
import type { BoundProbe } from './bind-probes.ts';
import type { Config } from './config.ts';

type Parsed = Extract<AttachPointResult, { kind: 'parsed' }>;

export function expandProbes(
  program: Program,
  settings: {
    readonly target: Target;
    readonly config: Config;
    readonly parameters: readonly string[];
  },
  diagnostics: Diagnostics,
): readonly BoundProbe[] {
  const { target, config, parameters } = settings;
  const hasPid = target.pid !== undefined;
  const warned = new Set<string>();
  const trialNames = new Map<string, Span>();
  const bound: BoundProbe[] = [];
  for (const item of program.items) {
    if (item.kind !== 'probe') continue;
    for (const written of item.attachPoints) {
      const parsed = readAttachPoint(written, parameters, hasPid, warned, diagnostics);
      if (parsed === undefined) continue;
      checkTrialName(parsed, written, trialNames, diagnostics);
      for (const draft of expand(parsed, written, target, config, diagnostics)) {
        bound.push(bindBody(item, named(draft, written)));
      }
      if (bound.length > config.maxProbes) {
        diagnostics.add(tooManyProbes(written.span, bound.length, config.maxProbes));
        return [];
      }
      if (bound.length > config.maxBpfProgs) {
        diagnostics.add(tooManyPrograms(written.span, bound.length, config.maxBpfProgs));
        return [];
      }
    }
  }
  if (bound.length === 0 && !diagnostics.failed) diagnostics.add(noProbes(program.span));
  return bound;
}

/** Results are told apart by the names of tests and benchmarks. */
function checkTrialName(
  { point, key }: Parsed,
  { span }: AttachPoint,
  taken: Map<string, Span>,
  diagnostics: Diagnostics,
): void {
  if (point.kind !== 'trial') return;
  const earlier = taken.get(key);
  if (earlier === undefined) taken.set(key, span);
  else diagnostics.add(trialNameTaken(span, point.provider, point.name, earlier));
}

/** Reports what is wrong with the text alone; undefined then. */
export function readAttachPoint(
  written: AttachPoint,
  parameters: readonly string[],
  hasPid: boolean,
  warned: Set<string>,
  diagnostics: Diagnostics,
): Parsed | undefined {
  const result = parseAttachPoint(written, parameters, hasPid);
  switch (result.kind) {
    case 'empty':
      return undefined;
    case 'bad':
      diagnostics.add(badAttachPoint(written.span, result.message));
      return undefined;
    case 'unknown-provider':
      diagnostics.add(unknownProvider(written.span, result.provider, result.near));
      return undefined;
    case 'unsupported':
      diagnostics.add(notSupportedYet(written.span, result.what));
      return undefined;
    case 'parsed': {
      const { deprecated, probeKind } = result;
      if (deprecated !== undefined && !warned.has(deprecated)) {
        warned.add(deprecated);
        diagnostics.add(deprecatedName(written.span, deprecated, probeKind.name));
      }
      return result;
    }
  }
}

function expand(
  { point, probeKind, key }: Parsed,
  written: AttachPoint,
  target: Target,
  config: Config,
  diagnostics: Diagnostics,
): readonly ProbeDraft[] {
  const kprobe = point.kind === 'kernel-function' && point.provider.startsWith('k');
  const refusal = kprobe ? refuseKprobe(point, target) : undefined;
  if (refusal !== undefined) {
    diagnostics.add(probeRefused(written.span, refusal.refusal, refusal.hint));
    return [];
  }
  const resolved = probeKind.lookedUp ? lookUp(key, written, target, config, diagnostics) : BUILTIN;
  const drafts: ProbeDraft[] = [];
  for (const probe of resolved) {
    const expanded = probeKind.expand(point, probe, target);
    if (isRefusal(expanded)) {
      diagnostics.add(probeRefused(written.span, expanded.refusal, expanded.hint));
      return [];
    }
    drafts.push(...expanded);
  }
  return drafts;
}

const BUILTIN: readonly ResolvedProbe[] = [{ kind: 'builtin' }];

function lookUp(
  key: string,
  written: AttachPoint,
  target: Target,
  config: Config,
  diagnostics: Diagnostics,
): readonly ResolvedProbe[] {
  const expansion = target.probes[key];
  if (expansion?.kind === 'found' && expansion.probes.length > 0) return expansion.probes;
  if (config.missingProbes !== 'ignore') {
    const missing = expansion?.kind === 'missing' ? expansion : { near: [], reason: undefined };
    const fatal = config.missingProbes === 'error';
    diagnostics.add(probeNotFound(written.span, key, missing.near, missing.reason, fatal));
  }
  return [];
}

/** `name=` before the attach point is what `probe` gives. */
function named(draft: ProbeDraft, { name }: AttachPoint): ProbeDraft {
  return name === undefined ? draft : { ...draft, name };
}
