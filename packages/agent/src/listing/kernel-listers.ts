/** Listing of tracepoints, raw tracepoints, iterators and kernel functions. */
import { cDeclaration, functionArgs } from '@bpfleet/bpf/btf';
import { bpfFunctions } from '../target/find-bpf-programs.ts';
import { rawTracepoints, type RawTracepoint } from '../target/find-kernel-probes.ts';
import { iteratorNames } from '../target/iterators.ts';
import type { KernelFunction } from '../target/kernel-functions.ts';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import type { ListedProbe, ListPattern, ProbeLister } from './probe-lister.ts';

const tracepoint: ProbeLister = {
  provider: 'tracepoint',
  general: true,
  *list(machine, pattern): Generator<ListedProbe> {
    const matches = matcher(withCategory(pattern.rest ?? '*'));
    for (const { category, event } of machine.tracefs.events()) {
      if (!matches(`${category}:${event}`)) continue;
      yield {
        name: `tracepoint:${category}:${event}`,
        parameters: () => tracepointParameters(machine, category, event),
      };
    }
  },
};

/** `tracepoint:sched*` means the event as well as the category. */
function withCategory(rest: string): string {
  return rest.includes(':') ? rest : `*:${rest}`;
}

function tracepointParameters(machine: Machine, category: string, event: string): string[] {
  const fields = machine.tracefs.format(category, event)?.fields ?? [];
  return fields
    .filter((field) => !field.name.startsWith('common_'))
    .map((field) => {
      const length = field.arrayLength === undefined ? '' : `[${field.arrayLength}]`;
      return `${field.cType} ${field.name}${length}`;
    });
}

const rawtracepoint: ProbeLister = {
  provider: 'rawtracepoint',
  general: true,
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

/** The prototype's first parameter is the kernel's own, and its result is none of the event's. */
function rawTracepointParameters(
  machine: Machine,
  { event, module }: RawTracepoint,
): readonly string[] {
  const btf = machine.moduleBtf(module);
  const id = btf?.findByName(`btf_trace_${event}`, 'typedef');
  const typedef = btf === undefined || id === undefined ? undefined : btf.typeById(id);
  if (btf === undefined || typedef?.kind !== 'typedef') return [];
  const pointer = btf.typeById(typedef.type);
  const prototype = pointer.kind === 'ptr' ? btf.typeById(pointer.type) : undefined;
  if (prototype?.kind !== 'func_proto') return [];
  return prototype.params
    .slice(1)
    .map(({ type, name }, index) => cDeclaration(btf, type, name === '' ? `arg${index}` : name));
}

/** A module may stand before the name. */
function moduleAndName({ rest = '*' }: ListPattern): readonly [module: string, name: string] {
  const colon = rest.indexOf(':');
  return colon === -1 ? ['*', rest] : [rest.slice(0, colon), rest.slice(colon + 1)];
}

const kprobe: ProbeLister = {
  provider: 'kprobe',
  general: true,
  *list(machine, pattern): Generator<ListedProbe> {
    const [module, name] = moduleAndName(pattern);
    const withModule = pattern.rest?.includes(':') === true;
    for (const found of machine.functions.matching(name, module)) {
      yield {
        name: withModule ? `kprobe:${found.module}:${found.name}` : `kprobe:${found.name}`,
        parameters: () => functionParameters(machine, found, false),
      };
    }
  },
};

function fentryLister(provider: 'fentry' | 'fexit'): ProbeLister {
  return {
    provider,
    general: provider === 'fentry',
    *list(machine, pattern): Generator<ListedProbe> {
      if (pattern.rest?.startsWith('bpf:') === true) {
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

/** A kprobe and an fentry pass no result. */
function functionParameters(
  machine: Machine,
  { name, module }: KernelFunction,
  withResult: boolean,
): readonly string[] {
  const btf = machine.moduleBtf(module);
  const signature = btf === undefined ? undefined : functionArgs(btf, name);
  if (btf === undefined || signature === undefined) return [];
  const parameters = signature.params.map((param) => cDeclaration(btf, param.type, param.name));
  if (withResult && signature.returnType !== 0) {
    parameters.push(cDeclaration(btf, signature.returnType, 'retval'));
  }
  return parameters;
}

const iter: ProbeLister = {
  provider: 'iter',
  general: true,
  *list(machine, pattern): Generator<ListedProbe> {
    const matches = matcher(pattern.rest ?? '*');
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
  return signature.params.slice(1).map((param) => cDeclaration(btf, param.type, param.name));
}

export const kernelListers: readonly ProbeLister[] = [
  fentryLister('fentry'),
  fentryLister('fexit'),
  iter,
  kprobe,
  rawtracepoint,
  tracepoint,
];
