/** What must be looked up on a machine before a program can be compiled for it. Plain data; nothing here can fail. */
import { expandProvider } from './probes/expand-provider.ts';
import { parseAttachPoint, type AttachPointContext } from './probes/parse-attach-point.ts';
import type { ParsedAttachPoint } from './probes/attach-point.ts';
import { variableNames } from './builtins/variables.ts';
import type { AnyNode, Program, TypeName } from './syntax/ast.ts';
import { isTypeKeyword } from './syntax/builtin-names.ts';
import { walk } from './syntax/visit.ts';

export interface TargetQuery {
  /** Attach points that name something of the machine. Those that do not parse are left to the analysis. */
  readonly attachPoints: readonly {
    /** The key of `Target.probes`. */
    readonly key: string;
    readonly point: ParsedAttachPoint;
  }[];
  /** For `Target.btf`: the program names C types, or follows pointers to them. */
  readonly types: boolean;
  /** What is asked of the debug information of traced files. */
  readonly debug: DebugQuery;
  /** For `Target.kernelSymbols`. */
  readonly kernelSymbols: readonly string[];
  /** For `Target.kernelFunctions`. */
  readonly kernelFunctions: readonly string[];
  /** For `UserVariables.symbols`. */
  readonly userSymbols: readonly string[];
  /** For `Target.cgroupIds`. */
  readonly cgroupPaths: readonly string[];
}

export interface DebugQuery {
  /** `args` occurs. */
  readonly args: boolean;
  /** Types by their written names. */
  readonly types: readonly { readonly tag: TypeName['tag']; readonly name: string }[];
  /** Members that are read: what only others point to is not needed. */
  readonly members: readonly string[];
}

/** The kernel's array of how far each CPU's variables are from where the symbols say. */
export const PER_CPU_OFFSETS = '__per_cpu_offset';

/** Words that name no constant of C, and whose values are no structs. */
const UNTYPED_WORDS: ReadonlySet<string> = new Set([
  ...variableNames().filter((name) => name !== 'curtask' && name !== 'ctx'),
  ...Array.from({ length: 10 }, (_, index) => `arg${index}`),
  ...['bpftrace', 'perf', 'raw', 'build_id'],
  ...['monotonic', 'boot', 'tai', 'sw_tai', 'curr_ns', 'init'],
]);

/** Reading the kernel's types takes milliseconds: programs of numbers and text alone do without. */
function needsTypes(node: AnyNode): boolean {
  switch (node.kind) {
    case 'field':
      // Fields of tracepoints are described by the event itself; pointers among them are followed by another field.
      return node.object.kind !== 'identifier' || node.object.name !== 'args';
    case 'identifier':
      return !UNTYPED_WORDS.has(node.name);
    case 'type-name':
      return node.tag !== undefined || typeof node.base !== 'string' || !isTypeKeyword(node.base);
    case 'c-definition':
    case 'index':
    case 'offsetof':
    case 'macro':
    case 'import':
    case 'statement-import':
      return true;
    case 'unary':
      return node.operator === '*';
    default:
      return false;
  }
}

/** Gathers what a program may ask of debug information. */
class DebugNames {
  #args = false;
  readonly #types = new Map<string, DebugQuery['types'][number]>();
  readonly #members = new Set<string>();

  see(node: AnyNode): void {
    if (node.kind === 'identifier' && node.name === 'args') this.#args = true;
    if (node.kind === 'field') this.#members.add(node.field);
    if (node.kind === 'offsetof') for (const name of node.path) this.#members.add(name);
    if (node.kind === 'type-name' && typeof node.base === 'string') {
      const { tag, base } = node;
      if (tag === undefined && isTypeKeyword(base)) return;
      this.#types.set(`${tag} ${base}`, { tag, name: base });
    }
    // `sizeof(name)` may be of a type.
    if (node.kind === 'identifier' && !UNTYPED_WORDS.has(node.name)) {
      this.#types.set(`undefined ${node.name}`, { tag: undefined, name: node.name });
    }
  }

  get query(): DebugQuery {
    return { args: this.#args, types: [...this.#types.values()], members: [...this.#members] };
  }
}

/** `"name"`, `$1` and `str($1)`: parameters are not in their places yet. */
function literalText(node: AnyNode, parameters: readonly string[]): string | undefined {
  if (node.kind === 'string') return node.value;
  if (node.kind === 'positional') return parameters[node.index - 1];
  if (node.kind !== 'call' || node.callee !== 'str') return undefined;
  const [first] = node.arguments;
  return first === undefined ? undefined : literalText(first, parameters);
}

export function requirements(program: Program, context: AttachPointContext): TargetQuery {
  const attachPoints = new Map<string, TargetQuery['attachPoints'][number]>();
  const kernelSymbols = new Set<string>();
  const kernelFunctions = new Set<string>();
  const userSymbols = new Set<string>();
  const cgroupPaths = new Set<string>();
  const debug = new DebugNames();
  let types = program.definitions.length > 0;
  walk(program, {
    enter: (node) => {
      types ||= needsTypes(node);
      debug.see(node);
      if (node.kind === 'attach-point') {
        for (const written of expandProvider(node, context)) {
          const parsed = parseAttachPoint(written, context);
          if (parsed.kind !== 'parsed' || !parsed.probeKind.lookedUp) continue;
          attachPoints.set(parsed.key, { key: parsed.key, point: parsed.point });
        }
      } else if (node.kind === 'call') {
        const [first] = node.arguments;
        types ||= node.callee === 'kfunc_exist';
        const name = first === undefined ? undefined : literalText(first, context.parameters);
        if (name === undefined) return;
        if (/^(?:__builtin_)?kfunc_allowed$/.test(node.callee)) kernelFunctions.add(name);
        if (node.callee === 'kaddr') kernelSymbols.add(name);
        if (node.callee === 'uaddr') userSymbols.add(name);
        if (node.callee === 'percpu_kaddr') kernelSymbols.add(name).add(PER_CPU_OFFSETS);
        if (node.callee === 'cgroupid') cgroupPaths.add(name);
      }
    },
  });
  return {
    attachPoints: [...attachPoints.values()],
    types,
    debug: debug.query,
    kernelSymbols: [...kernelSymbols],
    kernelFunctions: [...kernelFunctions],
    userSymbols: [...userSymbols],
    cgroupPaths: [...cgroupPaths],
  };
}
