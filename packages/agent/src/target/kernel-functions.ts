/** The kernel functions that a kprobe or fentry may be attached to, with the modules that have them. */
import { readFileSync } from 'node:fs';
import { systemReason } from '@bpfleet/protocol';
import type { Kallsyms, Tracefs } from '@bpfleet/bpf';
import { matcher } from './wildcard.ts';

export interface KernelFunction {
  readonly name: string;
  /** `vmlinux` for the kernel itself. */
  readonly module: string;
}

/** Tracing these makes systems unstable, though the kernel would allow it; from the kernel's own self tests. */
const HARMFUL: ReadonlySet<string> = new Set([
  'arch_cpu_idle',
  'default_idle',
  'bpf_dispatcher_xdp_func',
]);
const PADDING = /^__(?:pfx|cfi)_/;
const HARMFUL_PREFIXES = ['__ftrace_invalid_address__', 'rcu_'];

export class KernelFunctions {
  readonly #modules = new Map<string, Set<string>>();
  #sorted: readonly string[] | undefined;

  constructor(functions: Iterable<KernelFunction>) {
    for (const { name, module } of functions) {
      if (HARMFUL.has(name) || HARMFUL_PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
      const known = this.#modules.get(name);
      if (known === undefined) this.#modules.set(name, new Set([module]));
      else known.add(module);
    }
  }

  /** ftrace's list where it can be read, else all functions there are. */
  static read(tracefs: Tracefs, kallsyms: () => Kallsyms): KernelFunctions {
    const list = tracefs.availableFilterFunctions();
    if (list !== undefined && list !== '') return new KernelFunctions(parseList(list));
    return new KernelFunctions(inKernel(kallsyms()));
  }

  /** A list in the form of ftrace's: a name on each line, with the module in brackets. Throws an Error. */
  static fromFile(path: string): KernelFunctions {
    try {
      return new KernelFunctions(parseList(readFileSync(path, 'utf8')));
    } catch (error) {
      const message = `Failed to open kernel function info: '${path}': ${systemReason(error)}`;
      throw new Error(message, { cause: error });
    }
  }

  get names(): Iterable<string> {
    return this.#modules.keys();
  }

  has(name: string): boolean {
    return this.#modules.has(name);
  }

  /** Functions by patterns, in order of their names; variants that the compiler has split off cannot be traced. */
  *matching(name: string, module: string): Generator<KernelFunction> {
    const inModule = matcher(module);
    for (const one of this.#candidates(name)) {
      for (const where of this.#modules.get(one) ?? []) {
        if (inModule(where)) yield { name: one, module: where };
      }
    }
  }

  *#candidates(pattern: string): Generator<string> {
    if (!pattern.includes('*')) {
      yield pattern;
      return;
    }
    const matches = matcher(pattern);
    this.#sorted ??= [...this.#modules.keys()].toSorted();
    for (const name of this.#sorted) {
      if (matches(name) && !name.includes('.part.')) yield name;
    }
  }
}

function* parseList(text: string): Generator<KernelFunction> {
  for (const line of text.split('\n')) {
    const [name = '', module] = line.split(/[ \t]+/);
    if (name !== '') yield { name, module: module === undefined ? 'vmlinux' : module.slice(1, -1) };
  }
}

function* inKernel(kallsyms: Kallsyms): Generator<KernelFunction> {
  for (const { name, module = 'vmlinux' } of kallsyms.functions()) {
    // Programs are listed too, and the space that functions leave before themselves for patching.
    if (module === 'bpf' || module.startsWith('__builtin') || PADDING.test(name)) continue;
    yield { name, module };
  }
}

/** Whether this kernel has loaded a module of this name. */
export function isModuleLoaded(name: string): boolean {
  return name === 'vmlinux' || loadedModules().includes(name);
}

/** None in a kernel without modules. */
export function loadedModules(): readonly string[] {
  try {
    const lines = readFileSync('/proc/modules', 'utf8').split('\n');
    return lines.map((line) => line.split(' ', 1)[0] ?? '').filter((name) => name !== '');
  } catch {
    return [];
  }
}
