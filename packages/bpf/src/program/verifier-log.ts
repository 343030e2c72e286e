/**
 * Finds in a verifier log what the user needs to know.
 *
 * A log of level 1 holds, per instruction, a `; text @ file:line` comment where the source line changes, the
 * instruction as `12: (79) r2 = *(u64 *)(r1 +8)`, and register states; then the objection; then statistics.
 */

export interface VerifierSource {
  readonly text: string;
  /** Kernels before 6.9 print the text alone. */
  readonly file?: string;
  readonly line?: number;
}

export interface VerifierVerdict {
  readonly reason: string;
  /** Slot of the instruction that was read last, if the log has any. */
  readonly lastSlot?: number;
  /** The last lines of the log, statistics left out. */
  readonly end: readonly string[];
  readonly source?: VerifierSource;
  /** Lines of the log that are in neither. */
  readonly omittedLines: number;
}

/** Written after the objection. */
const STATISTICS =
  /^(processed \d+ insns|verification time|stack depth|max_states_per_insn|-- END)/;
/** An instruction, a register state, a change of path, or backtracking: the way to the objection. */
const PROGRESS =
  /^(\d+: |; |func#\d+ |R\d+(_w|_r|_rw)?=|from \d+ to |mark_precise:|regs=|parent |last_idx |frame\d+:|caller:|callee:|Live regs|propagating |arg#|BEGIN|-- BEGIN)/;

function parseSource(line: string): VerifierSource {
  const text = line.slice(2).trim();
  const match = /^(.*) @ (.+):(\d+)$/.exec(text);
  const [, code, file, number] = match ?? [];
  if (code === undefined || file === undefined) return { text };
  return { text: code.trim(), file, line: Number(number) };
}

const INSTRUCTION = /^(\d+): \(/;
/** So many lines are the end of a log. */
const END_LINES = 8;

/** Never fails: a log without an objection yields its last line. */
export function readVerifierLog(log: string): VerifierVerdict {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !STATISTICS.test(line));
  let first = lines.length;
  while (first > 0 && !PROGRESS.test(lines[first - 1] ?? '')) first -= 1;
  if (first === lines.length) first = Math.max(0, lines.length - 1);
  const reasons = lines.slice(first);
  const sourceLine = lines.slice(0, first).findLast((line) => line.startsWith('; '));
  const instruction = lines.slice(0, first).findLast((line) => INSTRUCTION.test(line));
  const slot = INSTRUCTION.exec(instruction ?? '')?.[1];
  return {
    ...(slot === undefined ? {} : { lastSlot: Number(slot) }),
    end: lines.slice(-END_LINES),
    reason: reasons.length === 0 ? 'no reason given' : reasons.join('; '),
    ...(sourceLine === undefined ? {} : { source: parseSource(sourceLine) }),
    omittedLines: lines.length - reasons.length - (sourceLine === undefined ? 0 : 1),
  };
}
