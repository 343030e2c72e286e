/** Whether a process that does not answer is stopped, sleeps or works, as /proc says. */
import { readFileSync } from 'node:fs';

/** `stopped` by a signal or a debugger; `waiting` for something; `busy` on a CPU or a disk; `gone`. */
export type ProcessState = 'stopped' | 'waiting' | 'busy' | 'gone';

const STATES: Readonly<Record<string, ProcessState>> = {
  T: 'stopped',
  t: 'stopped',
  S: 'waiting',
  I: 'waiting',
  R: 'busy',
  D: 'busy',
};

export function processState(pid: number): ProcessState {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it may hold anything, parentheses and blanks included.
    return STATES[stat.charAt(stat.lastIndexOf(')') + 2)] ?? 'gone';
  } catch {
    return 'gone';
  }
}
