/**
 * One program for many attach points, where nothing in it is of one of them: it is compiled, verified and loaded once, and
 * attached one by one where no multi link can be had.
 */
import { argumentSpace } from '../probes/argument-space.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { SingleAttach } from '../session-spec.ts';
import type { Target } from '../target.ts';
import type { Config } from './config.ts';
import type { ExpandedProbe } from './dispatch-system-calls.ts';
import { namesByCookie, sharingOf } from './sharing.ts';

/** As few programs are loaded in no time, and each has the name of its probe where programs are listed. */
const WORTH_WHILE = 8;

type SingleDraft = ProbeDraft & { readonly attach: SingleAttach };

export function sharePrograms(
  { item, drafts }: ExpandedProbe,
  { target, config }: { readonly target: Target; readonly config: Config },
): ExpandedProbe {
  const sharing = drafts.length < WORTH_WHILE ? 'each' : sharingOf(item);
  if (sharing === 'each') return { item, drafts };
  const groups = new Map<string, SingleDraft[]>();
  const others: ProbeDraft[] = [];
  for (const draft of drafts) {
    if (!isSingle(draft)) {
      others.push(draft);
      continue;
    }
    const key = sameCode(draft);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [draft]);
    else group.push(draft);
  }
  const share = (group: readonly SingleDraft[]): readonly ProbeDraft[] => {
    const [first] = group;
    if (first === undefined || group.length < WORTH_WHILE) return group;
    const places = group.map(({ name, attach }) => ({ probe: name, attach }));
    const shared = { ...first, attach: { kind: 'each', places }, count: places.length } as const;
    const texts = group.map(({ name }) => name);
    const differ = texts.some((text) => text !== first.name);
    if (sharing === 'plain' || !differ) return [shared];
    const names = namesByCookie(texts, config, cookiesFor(first, target));
    return names === undefined ? group : [{ ...shared, names }];
  };
  return { item, drafts: [...others, ...[...groups.values()].flatMap(share)] };
}

function cookiesFor({ attach }: SingleDraft, { features }: Target): boolean {
  return attach.kind === 'rawtracepoint' ? features.rawTracepointCookie : features.attachCookie;
}

function isSingle(draft: ProbeDraft): draft is SingleDraft {
  const { attach, context, usdt, count = 1 } = draft;
  if (usdt !== undefined || count !== 1) return false;
  if (context === 'raw_tracepoint') return attach.kind === 'rawtracepoint';
  if (context !== 'tracepoint' && context !== 'pt_regs') return false;
  return attach.kind === 'tracepoint' || attach.kind === 'kprobe' || attach.kind === 'uprobe';
}

/** The kernel refuses a program at a raw tracepoint with fewer arguments than the program reads. */
function arity({ resolved }: SingleDraft): string {
  if (resolved.kind !== 'rawtracepoint') return '';
  return `${resolved.args?.length} ${resolved.module}`;
}

/** Attach points with the same text here have the same code. */
function sameCode(draft: SingleDraft): string {
  const { provider, context, attach, filterPid } = draft;
  const path = attach.kind === 'uprobe' ? attach.path : '';
  return [provider, context, attach.kind, argumentSpace(draft), filterPid, path, arity(draft)].join(
    ' ',
  );
}
