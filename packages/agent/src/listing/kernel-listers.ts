/** Listing of tracepoints, raw tracepoints and kernel functions. */
import { cDeclaration, functionArgs, type Btf } from '@bpfleet/bpf/btf';
import { rawTracepointNames } from '../target/find-kernel-probes.ts';
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
    if (machine.btf === undefined) return;
    const matches = matcher(pattern.rest ?? '*');
    for (const event of rawTracepointNames(machine, machine.btf)) {
      if (matches(event)) yield { name: `rawtracepoint:${event}`, parameters: () => [] };
    }
  },
};

const kprobe: ProbeLister = {
  provider: 'kprobe',
  general: true,
  *list(machine, pattern): Generator<ListedProbe> {
    if (!machine.features.kprobe) return;
    yield* kernelFunctions(machine, 'kprobe', pattern, false);
  },
};

const fentry: ProbeLister = {
  provider: 'fentry',
  general: true,
  *list(machine, pattern): Generator<ListedProbe> {
    if (!machine.features.fentry) return;
    yield* kernelFunctions(machine, 'fentry', pattern, true);
  },
};

function* kernelFunctions(
  machine: Machine,
  provider: string,
  pattern: ListPattern,
  inBtf: boolean,
): Generator<ListedProbe> {
  const { btf } = machine;
  // A module may stand before the function; all of them are in one list here.
  const matches = matcher(pattern.rest?.split(':').at(-1) ?? '*');
  for (const name of machine.traceableFunctions) {
    if (!matches(name)) continue;
    if (inBtf && btf?.findByName(name, 'func') === undefined) continue;
    const module = inBtf ? 'vmlinux:' : '';
    yield { name: `${provider}:${module}${name}`, parameters: () => functionParameters(btf, name) };
  }
}

function functionParameters(btf: Btf | undefined, name: string): string[] {
  const signature = btf === undefined ? undefined : functionArgs(btf, name);
  if (btf === undefined || signature === undefined) return [];
  const parameters = signature.params.map((param) => cDeclaration(btf, param.type, param.name));
  if (signature.returnType !== 0) {
    parameters.push(cDeclaration(btf, signature.returnType, 'retval'));
  }
  return parameters;
}

export const kernelListers: readonly ProbeLister[] = [fentry, kprobe, rawtracepoint, tracepoint];
