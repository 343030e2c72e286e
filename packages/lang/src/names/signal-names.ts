/** The signals of x86_64 and arm64: https://man7.org/linux/man-pages/man7/signal.7.html */

/** Without `SIG`, from 1. */
const STANDARD: readonly (readonly [name: string, meaning: string])[] = [
  ['HUP', 'Hangup'],
  ['INT', 'Interrupt'],
  ['QUIT', 'Quit'],
  ['ILL', 'Illegal instruction'],
  ['TRAP', 'Trace/breakpoint trap'],
  ['ABRT', 'Aborted'],
  ['BUS', 'Bus error'],
  ['FPE', 'Floating point exception'],
  ['KILL', 'Killed'],
  ['USR1', 'User defined signal 1'],
  ['SEGV', 'Segmentation fault'],
  ['USR2', 'User defined signal 2'],
  ['PIPE', 'Broken pipe'],
  ['ALRM', 'Alarm clock'],
  ['TERM', 'Terminated'],
  ['STKFLT', 'Stack fault'],
  ['CHLD', 'Child exited'],
  ['CONT', 'Continued'],
  ['STOP', 'Stopped (signal)'],
  ['TSTP', 'Stopped'],
  ['TTIN', 'Stopped (tty input)'],
  ['TTOU', 'Stopped (tty output)'],
  ['URG', 'Urgent I/O condition'],
  ['XCPU', 'CPU time limit exceeded'],
  ['XFSZ', 'File size limit exceeded'],
  ['VTALRM', 'Virtual timer expired'],
  ['PROF', 'Profiling timer expired'],
  ['WINCH', 'Window changed'],
  ['IO', 'I/O possible'],
  ['PWR', 'Power failure'],
  ['SYS', 'Bad system call'],
];

const REAL_TIME_SIGNALS = 31;

/** The number of a signal by its name, with or without `SIG`; undefined if there is none. */
export function signalNumber(name: string): bigint | undefined {
  const bare = name.replace(/^SIG/, '');
  const index = STANDARD.findIndex(([standard]) => standard === bare);
  return index === -1 ? undefined : BigInt(index + 1);
}

/** What each signal means, by number from 0: the texts of strsignal(3). */
export const SIGNAL_NAMES: readonly string[] = [
  'Unknown signal 0',
  ...STANDARD.map(([, meaning]) => meaning),
  'Unknown signal 32',
  'Unknown signal 33',
  ...Array.from({ length: REAL_TIME_SIGNALS }, (_, index) => `Real-time signal ${index}`),
];
