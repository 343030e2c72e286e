/** Whether a node's policy lets a compiled program run there, and if not, which rule says so. */
import type { SessionSpec } from '@bpfleet/lang';
import { matcher } from '../target/wildcard.ts';
import { fileIdentities } from './file-identity.ts';
import type { Policy, PolicyRule } from './policy.ts';
import type { SameFunctions } from './same-functions.ts';
import { probeKindsOf, tracedPlaces, type TracedPlace } from './traced-places.ts';

/** What has to be known of the machine; asked for only where a policy names functions. */
export interface JudgedMachine {
  readonly functionsMatching: (matches: (name: string) => boolean) => SameFunctions;
  /** Where the function begins that an address lies in. */
  readonly startOf: (address: bigint) => bigint | undefined;
}

/** Begin and end programs, and what only answers its own tracer, concern nobody. */
const HARMLESS: ReadonlySet<string> = new Set(['begin', 'end', 'self', 'test', 'bench']);
/** Every system call passes here. */
const ALL_CALLS: Readonly<Record<string, string>> = {
  sys_enter: 'sys_enter_',
  sys_exit: 'sys_exit_',
};

export function judgeUnsafe({ unsafe, path }: Policy, wanted: boolean): string | undefined {
  if (unsafe || !wanted) return undefined;
  return path === undefined
    ? refused(
        '--unsafe is not allowed: its agent has no policy that allows it (--policy FILE with "unsafe": true, or --allow-unsafe)',
      )
    : refused(`--unsafe is not allowed (unsafe of ${path})`);
}

/** The refusal, or undefined. */
export function judgeSession(
  policy: Policy,
  spec: SessionSpec,
  machine: JudgedMachine,
): string | undefined {
  return judgeKinds(policy, spec) ?? judgePlaces(policy, tracedPlaces(spec), machine);
}

function judgeKinds({ allowed, denied, path = '' }: Policy, spec: SessionSpec): string | undefined {
  for (const kind of probeKindsOf(spec)) {
    if (HARMLESS.has(kind)) continue;
    if (denied.includes(kind)) return refused(`${kind} probes are denied (probes.deny of ${path})`);
    if (allowed?.includes(kind) === false) {
      return refused(`${kind} probes are not allowed (probes.allow of ${path})`);
    }
  }
  return undefined;
}

function judgePlaces(
  policy: Policy,
  places: readonly TracedPlace[],
  machine: JudgedMachine,
): string | undefined {
  const isFunction = functionJudge(policy.functions, machine);
  const isFile = fileJudge(policy.files);
  for (const place of places) {
    switch (place.kind) {
      case 'function':
      case 'address': {
        const rule = isFunction(place);
        if (rule !== undefined) return never(place.probe, nameOf(place), rule, policy);
        break;
      }
      case 'tracepoint': {
        const rule = policy.tracepoints.find((one) => meansTracepoint(one, place));
        if (rule !== undefined) return never(place.probe, nameOf(place), rule, policy);
        break;
      }
      case 'file': {
        const rule = isFile(place.path);
        if (rule !== undefined) return never(place.probe, place.path, rule, policy);
        break;
      }
      case 'iterator': {
        // It is no process's program, and shows those that are never to be traced with all the others.
        const [rule] = policy.cgroups;
        if (rule !== undefined) return never(place.probe, 'what iterators walk over', rule, policy);
        break;
      }
    }
  }
  return undefined;
}

function functionJudge(
  rules: readonly PolicyRule[],
  machine: JudgedMachine,
): (place: Extract<TracedPlace, { kind: 'function' | 'address' }>) => PolicyRule | undefined {
  const known = rules.map((rule) => {
    const [name = '', module] = rule.pattern.split(':').toReversed();
    const inModule = module === undefined ? undefined : matcher(module);
    return { rule, isName: matcher(name), inModule };
  });
  const found = new Map<PolicyRule, SameFunctions>();
  const functionsOf = ({ rule, isName }: (typeof known)[number]): SameFunctions => {
    const functions = found.get(rule) ?? machine.functionsMatching(isName);
    found.set(rule, functions);
    return functions;
  };
  return (place) => {
    if (place.kind === 'address') {
      const start = machine.startOf(place.address);
      // What nobody can name could be anything.
      if (start === undefined) return known[0]?.rule;
      return known.find((one) => functionsOf(one).addresses.has(start))?.rule;
    }
    const named = known.find(
      ({ isName, inModule }) =>
        isName(place.name) && (inModule === undefined || inModule(place.module ?? 'vmlinux')),
    );
    return (named ?? known.find((one) => functionsOf(one).aliases.has(place.name)))?.rule;
  };
}

function meansTracepoint(
  { pattern }: PolicyRule,
  { category, event }: Extract<TracedPlace, { kind: 'tracepoint' }>,
): boolean {
  const [categories = '', events = ''] = pattern.split(':');
  const isCategory = category === undefined || matcher(categories)(category);
  if (isCategory && matcher(events)(event)) return true;
  const calls = ALL_CALLS[event];
  const seesCalls = calls !== undefined && (category === undefined || category === 'raw_syscalls');
  return seesCalls && matcher(categories)('syscalls') && couldStartWith(events, calls);
}

/** Whether a name that begins so could match. */
function couldStartWith(pattern: string, start: string): boolean {
  const [fixed = ''] = pattern.split('*', 1);
  return pattern.includes('*')
    ? start.startsWith(fixed) || fixed.startsWith(start)
    : pattern.startsWith(start);
}

function fileJudge(rules: readonly PolicyRule[]): (path: string) => PolicyRule | undefined {
  const known = rules.map((rule) => ({ rule, matches: fileIdentities(rule.pattern) }));
  return (path) => known.find(({ matches }) => matches(path))?.rule;
}

function nameOf(place: Exclude<TracedPlace, { kind: 'file' | 'iterator' }>): string {
  switch (place.kind) {
    case 'function':
      return place.name;
    case 'address':
      return `0x${place.address.toString(16)}`;
    case 'tracepoint':
      return place.category === undefined ? place.event : `${place.category}:${place.event}`;
  }
}

function never(probe: string, what: string, rule: PolicyRule, { path = '' }: Policy): string {
  const which = probe.includes(what) ? probe : `${probe}: ${what}`;
  return refused(
    `${which} is never to be traced (${rule.field} ${JSON.stringify(rule.pattern)} of ${path})`,
  );
}

function refused(why: string): string {
  return `refused by the policy of this host: ${why}`;
}
