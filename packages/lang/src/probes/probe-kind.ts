/** What the compiler knows of one provider: a record in the registry. */
import type { CheckedProbe } from '../analysis/checked-program.ts';
import type { ResolvedProbe, Target } from '../target.ts';
import type { AddressSpace } from '../types/type.ts';
import type { ParsedAttachPoint, Provider } from './attach-point.ts';

/** A probe before its body is bound to it. */
export type ProbeDraft = Omit<CheckedProbe, 'attachPoints' | 'body' | 'variables'>;

/** A probe that stands for all matches of a wildcard; `matches` are their names in the order in which they are attached. */
export interface TogetherDraft {
  readonly draft: ProbeDraft;
  readonly matches: readonly string[];
}

/** What a parser or an expander gives when it refuses: the message for the user. */
export interface Refusal {
  readonly refusal: string;
  readonly hint?: string;
}

export interface ParseContext {
  /** The provider as the registry names it. */
  readonly provider: Provider;
  /** `-p` or `-c` is given, so that a path may be left out. */
  readonly hasPid: boolean;
  /** `--unsafe`: attach where nobody can tell whether it is an instruction. */
  readonly unsafe: boolean;
}

export interface ProbeKind {
  readonly name: Provider;
  readonly aliases: readonly string[];
  /** Older names, accepted with a warning. */
  readonly deprecatedAliases?: readonly string[];
  /** Whether a wildcard in the provider means it too: for what is in the kernel, or in files. */
  readonly listed?: 'kernel' | 'user';
  /** `parts` excludes the provider. */
  readonly parse: (parts: readonly string[], context: ParseContext) => ParsedAttachPoint | Refusal;
  /** False where there is nothing to look up on the machine. */
  readonly lookedUp: boolean;
  /** The probes of one match: none are made where `Refusal` says why. */
  readonly expand: (
    point: ParsedAttachPoint,
    resolved: ResolvedProbe,
    target: Target,
  ) => readonly ProbeDraft[] | Refusal;
  /** One probe for all matches of a wildcard; undefined where the kernel or the attach point do not allow it. */
  readonly expandTogether?: (
    point: ParsedAttachPoint,
    resolved: readonly ResolvedProbe[],
    target: Target,
  ) => readonly TogetherDraft[] | undefined;
  /** Where `argN`, `retval` and `args` point to; see also system calls, whose arguments are in user space. */
  readonly space: AddressSpace;
  /** The builtins beside those that every probe has. */
  readonly has: {
    readonly argN?: true;
    readonly args?: true;
    readonly retval?: true;
    readonly func?: true;
    readonly registers?: true;
  };
}

/** How many of the allowed numbers of parts there are, in upstream's words. */
export function wrongPartCount(
  provider: Provider,
  found: number,
  expected: number,
  otherwise?: number,
): Refusal {
  const or = otherwise === undefined ? '' : ` or ${otherwise}`;
  return { refusal: `${provider} probe type requires ${expected}${or} arguments, found ${found}` };
}

export function isRefusal(value: object): value is Refusal {
  return 'refusal' in value;
}

/** `-p` as a check in the program, where the kernel cannot filter when attaching. */
export function pidFilter(target: Target): { readonly filterPid?: number } {
  return target.pid === undefined ? {} : { filterPid: target.pid };
}
