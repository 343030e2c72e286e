/** A program that the kernel's verifier refused, told in the user's own source. */
import type { VerifierError } from '@bpfleet/bpf';
import type { SourceLine } from '@bpfleet/bpf/asm';
import {
  enclosing,
  endlessLoop,
  helperNotAllowed,
  parse,
  refusedByVerifier,
  renderDiagnostics,
  Source,
  span,
  tooComplex,
  type AnyNode,
  type Diagnostic,
  type ProbeProgram,
  type Span,
} from '@bpfleet/lang';
import { AGENT_VERSION } from '../version.ts';

type Loop = Extract<AnyNode, { readonly kind: 'while' | 'for' | 'unroll' }>;

/** Found in what the verifier says of loops. */
const ENDLESS = /infinite loop detected|back-edge from insn/;
const TOO_COMPLEX = /program is too large|is too complex/;
/** The kernel has the helper, but not for this kind of program, or not for this function. */
const NOT_ALLOWED =
  /helper call is not allowed in probe|program of this type cannot use helper|unknown func bpf_/;
const HELPER_CALL = / call (\w+)#\d+$/gm;

export class ProgramRefusedError extends Error {
  override readonly name = 'ProgramRefusedError';
  override readonly cause: VerifierError;
  readonly #probe: ProbeProgram;

  constructor(probe: ProbeProgram, cause: VerifierError) {
    super(cause.message);
    this.cause = cause;
    this.#probe = probe;
  }

  /** All that the verifier wrote. */
  get log(): string {
    return this.cause.log;
  }

  /** As a diagnostic of the program, with the line the verifier stumbled over. */
  render(source: Source, options: { readonly color?: boolean } = {}): string {
    return renderDiagnostics([this.#diagnostic(source)], options);
  }

  /** Whether we made a bad program; else it takes more than the kernel has for it. */
  isOurs(source: Source): boolean {
    return this.#diagnostic(source).code === 'refused-by-verifier';
  }

  /** The fault is the user's where it is a matter of how long the program runs; else we made a bad program. */
  #diagnostic(source: Source): Diagnostic {
    const { reason, logEnd, cause, line } = this.cause;
    const { probe } = this.#probe;
    const around = line === undefined ? [] : nodesAt(source, line);
    const loop = loopHead(around);
    const at = line === undefined ? undefined : placeOf(source, line, around);
    // What the verifier knew at that point is of no use to who wrote the loop.
    const gist =
      reason.split('; ').find((one) => ENDLESS.test(one) || TOO_COMPLEX.test(one)) ?? reason;
    if (ENDLESS.test(reason)) return endlessLoop(loop ?? at, { probe, reason: gist });
    if (TOO_COMPLEX.test(reason) || cause.code === 'E2BIG') {
      return tooComplex(loop ?? at, { probe, reason: gist }, loop !== undefined);
    }
    const helper = NOT_ALLOWED.test(reason)
      ? [...this.cause.log.matchAll(HELPER_CALL)].at(-1)?.[1]
      : undefined;
    if (helper !== undefined) {
      return helperNotAllowed(around.findLast(({ kind }) => kind === 'call')?.span ?? at, helper);
    }
    return refusedByVerifier(at, { probe, reason }, AGENT_VERSION, logEnd);
  }
}

/** What stands around a line's place in the program; nothing when it is of another file. */
function nodesAt(source: Source, line: SourceLine): readonly AnyNode[] {
  const { program } = parse(source);
  if (program === undefined || line.file !== source.name) return [];
  return enclosing(program, source.offset(line));
}

/** Of the innermost loop: up to its body. */
function loopHead(around: readonly AnyNode[]): Span | undefined {
  const loop = around.findLast(isLoop);
  if (loop === undefined) return undefined;
  const { source, start } = loop.span;
  return span(
    source,
    start,
    start + source.text.slice(start, loop.body.span.start).trimEnd().length,
  );
}

function isLoop(node: AnyNode): node is Loop {
  return node.kind === 'while' || node.kind === 'for' || node.kind === 'unroll';
}

/** The statement that begins there, as far as it is on the line; of another file, the line. */
function placeOf(source: Source, line: SourceLine, around: readonly AnyNode[]): Span {
  const own = line.file === source.name;
  // Only the line is known of what was imported.
  const text = own ? source : new Source(line.file, '\n'.repeat(line.line - 1) + line.text);
  const start = text.offset(line);
  const lineEnd = (text.lineStarts[line.line - 1] ?? 0) + text.line(line.line).trimEnd().length;
  const statement = around.find((node) => node.span.start === start);
  return span(text, start, Math.min(statement?.span.end ?? lineEnd, lineEnd));
}
