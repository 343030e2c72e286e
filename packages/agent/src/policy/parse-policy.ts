/** The text of a policy file, checked strictly: a setting that is misspelt would protect nobody. */
import { createHash } from 'node:crypto';
import { providerNames, suggest } from '@bpfleet/lang';
import type { Budget } from '../governor/budget.ts';
import { JsonSyntaxError, parseLocatedJson, type LocatedJson } from './located-json.ts';
import { PolicyError } from './policy-error.ts';
import { NO_POLICY, type Policy, type PolicyRule } from './policy.ts';

type Setting<Target> = (target: Target, value: LocatedJson, field: string) => void;
type Settings<Target> = Readonly<Record<string, Setting<Target>>>;
type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Throws PolicyError, naming line and field. */
export function parsePolicy(path: string, text: string): Policy {
  try {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const policy: Draft<Policy> = { ...NO_POLICY, path, digest };
    readObject(POLICY, policy, parseLocatedJson(text), '');
    return policy;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new PolicyError(`policy ${path}:${error.line}: ${error.message}`, { cause: error });
  }
}

const BUDGET: Settings<Draft<Partial<Budget>>> = {
  cpu: (budget, value, field) => {
    budget.cpuShare = share(value, field);
  },
  eventsPerSecond: (budget, value, field) => {
    budget.eventsPerSecond = amount(value, field);
  },
  bytesPerSecond: (budget, value, field) => {
    budget.bytesPerSecond = amount(value, field);
  },
  mapBytes: (budget, value, field) => {
    budget.mapBytes = amount(value, field);
  },
  durationSeconds: (budget, value, field) => {
    budget.durationMs = amount(value, field) * 1000;
  },
};

const PROBES: Settings<Draft<Policy>> = {
  allow: (policy, value, field) => {
    policy.allowed = texts(value, field, probeKind);
  },
  deny: (policy, value, field) => {
    policy.denied = texts(value, field, probeKind);
  },
};

const NEVER: Settings<Draft<Policy>> = {
  functions: (policy, value, field) => {
    policy.functions = rules(value, field, notEmpty);
  },
  tracepoints: (policy, value, field) => {
    policy.tracepoints = rules(value, field, (text) =>
      /^[^:]+:[^:]+$/.test(text)
        ? undefined
        : 'is not category:event, such as syscalls:sys_enter_*',
    );
  },
  files: (policy, value, field) => {
    policy.files = rules(value, field, absolute);
  },
  cgroups: (policy, value, field) => {
    policy.cgroups = rules(value, field, (text) => absolute(text) ?? someGroup(text));
  },
};

const POLICY: Settings<Draft<Policy>> = {
  probes: (policy, value, field) => readObject(PROBES, policy, value, field),
  never: (policy, value, field) => readObject(NEVER, policy, value, field),
  unsafe: (policy, value, field) => {
    policy.unsafe = truth(value, field);
  },
  redact: (policy, value, field) => {
    policy.redact = truth(value, field);
  },
  budget: (policy, value, field) => {
    const budget: Draft<Partial<Budget>> = {};
    readObject(BUDGET, budget, value, field);
    policy.budget = budget;
  },
};

function readObject<Target>(
  settings: Settings<Target>,
  target: Target,
  value: LocatedJson,
  field: string,
): void {
  if (value.kind !== 'object') fail(value, field, 'is not an object: { … }');
  for (const [name, member] of value.members) {
    const at = field === '' ? name : `${field}.${name}`;
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (setting === undefined) fail(member, at, unknown('setting', name, Object.keys(settings)));
    setting(target, member, at);
  }
}

function rules(
  value: LocatedJson,
  field: string,
  faultOf: (text: string) => string | undefined,
): readonly PolicyRule[] {
  return texts(value, field, faultOf).map((pattern, index) => ({
    field: `${field}[${index}]`,
    pattern,
  }));
}

function texts(
  value: LocatedJson,
  field: string,
  faultOf: (text: string) => string | undefined,
): readonly string[] {
  if (value.kind !== 'array') fail(value, field, 'is not a list: [ … ]');
  return value.elements.map((element, index) => {
    const at = `${field}[${index}]`;
    const text = element.kind === 'scalar' ? element.value : undefined;
    if (typeof text !== 'string') fail(element, at, 'is not a text in quotes');
    const fault = faultOf(text);
    if (fault !== undefined) fail(element, at, `${JSON.stringify(text)} ${fault}`);
    return text;
  });
}

function probeKind(text: string): string | undefined {
  const known: readonly string[] = providerNames();
  return known.includes(text) ? undefined : unknown('kind of probes', text, known);
}

function notEmpty(text: string): string | undefined {
  return text === '' ? 'is empty' : undefined;
}

function absolute(text: string): string | undefined {
  if (!text.startsWith('/')) return 'is not an absolute path';
  return /(^|\/)\.{0,2}(\/|$)/.test(text.slice(1)) && text !== '/'
    ? 'is not a plain path: without //, . and .., and no / at its end'
    : undefined;
}

function someGroup(text: string): string | undefined {
  return text === '/' ? 'is all of the host; deny kinds of probes instead' : undefined;
}

function truth(value: LocatedJson, field: string): boolean {
  const found = value.kind === 'scalar' ? value.value : undefined;
  if (typeof found !== 'boolean') fail(value, field, 'is neither true nor false');
  return found;
}

function amount(value: LocatedJson, field: string): number {
  const found = value.kind === 'scalar' ? value.value : undefined;
  if (!Number.isSafeInteger(found) || Number(found) < 1) {
    fail(value, field, 'is not a whole number from 1');
  }
  return Number(found);
}

/** `"0.5%"` as 0.005. */
function share(value: LocatedJson, field: string): number {
  const text = value.kind === 'scalar' ? String(value.value) : '';
  const percent = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : 0;
  if (percent <= 0 || percent > 100) fail(value, field, 'is not a percentage such as "0.5%"');
  return percent / 100;
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const near = suggest(name, known);
  const advice = near === undefined ? `; there are ${known.join(', ')}` : `; did you mean ${near}?`;
  return `is no ${what}${advice}`;
}

function fail({ line }: LocatedJson, field: string, message: string): never {
  throw new JsonSyntaxError(line, field === '' ? `the file ${message}` : `${field} ${message}`);
}
