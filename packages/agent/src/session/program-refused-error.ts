/** A program that the kernel's verifier refused, told in the user's own source. */
import type { VerifierError } from '@bpfleet/bpf';
import {
  refusedByVerifier,
  renderDiagnostics,
  span,
  type ProbeProgram,
  type Source,
  type Span,
} from '@bpfleet/lang';

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
    const { reason, omittedLines } = this.cause;
    const at = this.#span(source);
    return renderDiagnostics(
      [refusedByVerifier(at, this.#probe.probe, reason, omittedLines)],
      options,
    );
  }

  /** The verifier names lines only, and in a log that was cut none at all: then it is where the probe's code begins. */
  #span(source: Source): Span | undefined {
    const lines = this.#probe.program.instructions.flatMap(({ source: line }) => line ?? []);
    const named = this.cause.source;
    const line =
      lines.find((one) => named !== undefined && one.text.trim() === named.text) ?? lines[0];
    if (line === undefined) return undefined;
    const start = source.lineStarts[line.line - 1];
    if (start === undefined) return undefined;
    const end = start + source.line(line.line).trimEnd().length;
    return span(source, Math.min(start + line.column - 1, end), end);
  }
}
