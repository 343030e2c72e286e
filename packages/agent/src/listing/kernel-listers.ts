/** Listing of tracepoints, raw tracepoints, iterators and kernel functions. */
import {
  cTypeName,
  functionArgs,
  type Btf,
  type BtfParam,
  type FunctionSignature,
} from '@bpfleet/bpf/btf';
import { bpfFunctions } from '../target/find-bpf-programs.ts';
import { rawTracepoints, type RawTracepoint } from '../target/find-kernel-probes.ts';
import { iteratorNames } from '../target/iterators.ts';
import type { KernelFunction } from '../target/kernel-functions.ts';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import type { ListedProbe, ListPattern, ProbeLister } from './probe-lister.ts';

const tracepoint: ProbeLister = {
  provider: 'tracepoint',
  *list(machine, pattern): Generator<ListedProbe> {
    const matches = matcher(withCategory(pattern.rest));
    for (const { category, event } of machine.tracefs.events()) {
      if (!matches(`${category}:${event}`)) continue;
      yield {
        name: `tracepoint:${category}:${event}`,
        parameters: () => machine.tracefs.declarations(category, event),
      };
    }
  },
};

/** `tracepoint:sched*` means the event as well as the category. */
function withCategory(rest: string): string {
  return rest.includes(':') ? rest : `*:${rest}`;
}

const rawtracepoint: ProbeLister = {
  provider: 'rawtracepoint',
  *list(machine, pattern): Generator<ListedProbe> {
    const [module, event] = moduleAndName(pattern);
    const matches = matcher(event);
    for (const found of rawTracepoints(machine, module)) {
      if (!matches(found.event)) continue;
      yield {
        name: `rawtracepoint:${found.module}:${found.event}`,
        parameters: () => rawTracepointParameters(machine, found),
      };
    }
  },
};

/** The functions that the kernel makes for each tracepoint name its arguments, after one of their own. */
const RAW_TRACEPOINT_FUNCTIONS = ['__probestub_', '__traceiter_'];

function rawTracepointParameters(
  machine: Machine,
  { event, module }: RawTracepoint,
): readonly string[] {
  const btf = machine.moduleBtf(module);
  if (btf === undefined) return [];
  for (const prefix of RAW_TRACEPOINT_FUNCTIONS) {
    const found = functionArgs(btf, prefix + event);
    if (found !== undefined) return declarations(btf, found.params.slice(1));
  }
  return [];
}

/** As bpftrace writes them: `struct file * file`. */
function declarations(btf: Btf, params: readonly BtfParam[]): readonly string[] {
  return params.map(({ type, name }) => `${cTypeName(btf, type)} ${name}`);
}

/** A module may stand before the name. */
function moduleAndName({ rest }: ListPattern): readonly [module: string, name: string] {
  const colon = rest.indexOf(':');
  return colon === -1 ? ['*', rest] : [rest.slice(0, colon), rest.slice(colon + 1)];
}

function kprobeLister(
  provider: 'kprobe' | 'kretprobe',
  parametersOf: (btf: Btf, signature: FunctionSignature) => readonly string[],
): ProbeLister {
  return {
    provider,
    *list(machine, pattern): Generator<ListedProbe> {
      const [module, name] = moduleAndName(pattern);
      const withModule = pattern.rest.includes(':');
      for (const found of machine.functions.matching(name, module)) {
        yield {
          name: `${provider}:${withModule ? `${found.module}:` : ''}${found.name}`,
          parameters: () => {
            const { btf, signature } = signatureOf(machine, found) ?? {};
            return btf === undefined || signature === undefined ? [] : parametersOf(btf, signature);
          },
        };
      }
    },
  };
}

/** By the names that programs have for them: `struct file * arg0`. */
function numbered(btf: Btf, { params }: FunctionSignature): readonly string[] {
  return params
    .filter(({ type }) => btf.typeById(type).kind !== 'float')
    .map(({ type }, index) => `${cTypeName(btf, type)} arg${index}`);
}

function result(btf: Btf, { returnType }: FunctionSignature): readonly string[] {
  return [returnType === 0 ? 'void' : `${cTypeName(btf, returnType)} retval`];
}

function fentryLister(provider: 'fentry' | 'fexit'): ProbeLister {
  return {
    provider,
    *list(machine, pattern): Generator<ListedProbe> {
      if (pattern.rest.startsWith('bpf:')) {
        yield* bpfPrograms(machine, provider, pattern.rest);
        return;
      }
      const [module, name] = moduleAndName(pattern);
      for (const found of machine.functions.matching(name, module)) {
        const btf = machine.moduleBtf(found.module);
        if (btf?.findByName(found.name, 'func') === undefined) continue;
        yield {
          name: `${provider}:${found.module}:${found.name}`,
          parameters: () => functionParameters(machine, found, provider === 'fexit'),
        };
      }
    },
  };
}

function* bpfPrograms(machine: Machine, provider: string, rest: string): Generator<ListedProbe> {
  const matches = matcher(rest.split(':').length === 2 ? rest.replace(':', ':*:') : rest);
  for (const { id, name } of bpfFunctions(machine)) {
    const place = `bpf:${id}:${name}`;
    if (matches(place)) yield { name: `${provider}:${place}`, parameters: () => [] };
  }
}

function functionParameters(
  machine: Machine,
  found: KernelFunction,
  withResult: boolean,
): readonly string[] {
  const { btf, signature } = signatureOf(machine, found) ?? {};
  if (btf === undefined || signature === undefined) return [];
  const declared = declarations(btf, signature.params);
  return withResult && signature.returnType !== 0
    ? [...declared, ...result(btf, signature)]
    : declared;
}

function signatureOf(
  machine: Machine,
  { name, module }: KernelFunction,
): { readonly btf: Btf; readonly signature: FunctionSignature } | undefined {
  const btf = machine.moduleBtf(module);
  const signature = btf && functionArgs(btf, name);
  return btf === undefined || signature === undefined ? undefined : { btf, signature };
}

const iter: ProbeLister = {
  provider: 'iter',
  *list(machine, pattern): Generator<ListedProbe> {
    const matches = matcher(pattern.rest);
    for (const name of iteratorNames(machine)) {
      if (matches(name)) {
        yield { name: `iter:${name}`, parameters: () => iteratorParameters(machine, name) };
      }
    }
  },
};

/** What is walked over; the first is about the walk itself. */
function iteratorParameters({ btf }: Machine, name: string): readonly string[] {
  const signature = btf === undefined ? undefined : functionArgs(btf, `bpf_iter_${name}`);
  if (btf === undefined || signature === undefined) return [];
  return declarations(btf, signature.params.slice(1));
}

export const kernelListers: readonly ProbeLister[] = [
  fentryLister('fentry'),
  fentryLister('fexit'),
  iter,
  kprobeLister('kprobe', numbered),
  kprobeLister('kretprobe', result),
  rawtracepoint,
  tracepoint,
];
