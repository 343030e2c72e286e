/**
 * Functions that a just-in-time compiler made: runtimes list them in `/tmp/perf-PID.map`.
 *
 * Format: https://github.com/torvalds/linux/blob/v6.12/tools/perf/Documentation/jit-interface.txt
 */
import { readFileSync } from 'node:fs';
import type { UserSymbol } from './code-place.ts';

interface JitFunction {
  readonly start: bigint;
  readonly end: bigint;
  readonly name: string;
}

const LINE = /^([0-9a-f]+) ([0-9a-f]+) (.+)$/i;

/** By address. Where two overlap the later one in the file is right: code was moved or thrown away. */
export function parsePerfMap(text: string): readonly JitFunction[] {
  const functions: JitFunction[] = [];
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const start = BigInt(`0x${match[1]}`);
    functions.push({ start, end: start + BigInt(`0x${match[2]}`), name: match[3] ?? '' });
  }
  return functions;
}

export function findJitFunction(
  functions: readonly JitFunction[],
  address: bigint,
): UserSymbol | undefined {
  const found = functions.findLast(({ start, end }) => address >= start && address < end);
  return found && { name: found.name, offset: Number(address - found.start) };
}

/** As the process sees the file and its own number; empty where there is none. */
export function readPerfMap(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const inner = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1] ?? pid;
    return readFileSync(`/proc/${pid}/root/tmp/perf-${inner}.map`, 'utf8');
  } catch {
    return '';
  }
}
