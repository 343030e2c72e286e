/** What must be looked up on a machine before a program can be compiled for it. Plain data; nothing here can fail. */
import { parseAttachPoint } from './probes/parse-attach-point.ts';
import type { ParsedAttachPoint } from './probes/attach-point.ts';
import type { Program } from './syntax/ast.ts';
import { walk } from './syntax/visit.ts';

export interface TargetQuery {
  /** Attach points that name something of the machine. Those that do not parse are left to the analysis. */
  readonly attachPoints: readonly {
    /** The key of `Target.probes`. */
    readonly key: string;
    readonly point: ParsedAttachPoint;
  }[];
  /** For `Target.kernelSymbols`. */
  readonly kernelSymbols: readonly string[];
  /** For `Target.cgroupIds`. */
  readonly cgroupPaths: readonly string[];
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
  walk(program, {
    enter: (node) => {
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
    kernelSymbols: [...kernelSymbols],
    cgroupPaths: [...cgroupPaths],
  };
}
