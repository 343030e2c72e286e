/** What must be looked up on a machine before a program can be compiled for it. Plain data; nothing here can fail. */
import { parseAttachPoint } from './probes/parse-attach-point.ts';
import type { ParsedAttachPoint } from './probes/attach-point.ts';
import { variableNames } from './builtins/variables.ts';
import type { AnyNode, Program } from './syntax/ast.ts';
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
  /** For `Target.kernelSymbols`. */
  readonly kernelSymbols: readonly string[];
  /** For `Target.cgroupIds`. */
  readonly cgroupPaths: readonly string[];
}

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

/** `hasPid`: `-p` or `-c` is given, so that paths of user-space probes may be left out. */
export function requirements(
  program: Program,
  parameters: readonly string[],
  hasPid = false,
): TargetQuery {
  const attachPoints = new Map<string, TargetQuery['attachPoints'][number]>();
  const kernelSymbols = new Set<string>();
  const cgroupPaths = new Set<string>();
  let types = program.definitions.length > 0;
  walk(program, {
    enter: (node) => {
      types ||= needsTypes(node);
      if (node.kind === 'attach-point') {
        const parsed = parseAttachPoint(node, parameters, hasPid);
        if (parsed.kind !== 'parsed' || !parsed.probeKind.lookedUp) return;
        attachPoints.set(parsed.key, { key: parsed.key, point: parsed.point });
      } else if (node.kind === 'call') {
        const [name] = node.arguments;
        if (name?.kind !== 'string') return;
        if (node.callee === 'kaddr') kernelSymbols.add(name.value);
        if (node.callee === 'cgroupid') cgroupPaths.add(name.value);
      }
    },
  });
  return {
    attachPoints: [...attachPoints.values()],
    types,
    kernelSymbols: [...kernelSymbols],
    cgroupPaths: [...cgroupPaths],
  };
}
