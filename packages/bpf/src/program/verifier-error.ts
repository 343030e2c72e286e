/** A program that the kernel's verifier refused, with the line of the user's program it stumbled over. */
import type { SourceLine } from '../asm/instruction.ts';
import type { KernelError } from '../sys/kernel-error.ts';
import { readVerifierLog, type VerifierSource } from './verifier-log.ts';

export class VerifierError extends Error {
  override readonly name = 'VerifierError';
  /** All that the verifier wrote. */
  readonly log: string;
  /** What it objects to: the last telling line or lines of the log. */
  readonly reason: string;
  /** The source line of the instruction it objects to, if the program was loaded with line information. */
  readonly source: VerifierSource | undefined;
  /** Where the instruction it objects to comes from. */
  readonly line: SourceLine | undefined;
  /** The last lines of the log. */
  readonly logEnd: readonly string[];
  override readonly cause: KernelError;
  /** Lines of the log beside the reason and the source line. */
  readonly omittedLines: number;

  /** `lineOf` knows where the instruction of a slot comes from. */
  constructor(
    program: string,
    log: string,
    cause: KernelError,
    lineOf: (slot: number) => SourceLine | undefined = () => undefined,
  ) {
    const { reason, source, omittedLines, lastSlot = 0, end } = readVerifierLog(log);
    const omitted = omittedLines > 0 ? ` (${omittedLines} lines omitted, -v shows all)` : '';
    super(`load program ${program}: ${cause.code}: ${reason}${where(source)}${omitted}`, { cause });
    this.cause = cause;
    this.log = log;
    this.line = lineOf(lastSlot);
    this.logEnd = end;
    this.reason = reason;
    this.source = source;
    this.omittedLines = omittedLines;
  }
}

function where(source: VerifierSource | undefined): string {
  if (source === undefined) return '';
  const place = source.file === undefined ? '' : `${source.file}:${source.line}: `;
  return `; at ${place}${source.text}`;
}
