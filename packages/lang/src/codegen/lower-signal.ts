/** `signal(n)` and `signal("KILL")`: sent to the current process. */
import type { Call } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import { argument } from './lower-string.ts';
import type { Lowering } from './lowering.ts';

/** Numbers on x86_64 and arm64: https://man7.org/linux/man-pages/man7/signal.7.html */
const SIGNALS = [
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'TRAP',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'PIPE',
  'ALRM',
  'TERM',
  'STKFLT',
  'CHLD',
  'CONT',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
  'URG',
  'XCPU',
  'XFSZ',
  'VTALRM',
  'PROF',
  'WINCH',
  'IO',
  'PWR',
  'SYS',
];

export function lowerSignal(l: Lowering, call: Call): Operand {
  const signal = argument(call, 0);
  if (signal.kind !== 'string') return l.b.call('send_signal', l.scalar(signal));
  const number = SIGNALS.indexOf(signal.value.replace(/^SIG/, '')) + 1;
  return number === 0
    ? refuse(signal.span, `signal "${signal.value}"`)
    : l.b.call('send_signal', BigInt(number));
}
