/** What acts on the traced process: signals, results of functions, its memory. */
import type { HelperName } from '@bpfleet/bpf/asm';
import { signalNumber } from '../names/signal-names.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand } from './ir.ts';
import { sendRuntimeError } from './lower-faults.ts';
import { argument } from './lower-string.ts';
import { inMemory } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { isScalar } from './type-traits.ts';

/** Sent to the current process, or to its current thread. */
export function lowerSignal(l: Lowering, call: Call, helper: HelperName): Operand {
  const signal = argument(call, 0);
  const number = signal.kind === 'string' ? signalNumber(signal.value) : l.scalar(signal);
  if (number === undefined) return refuse(signal.span, 'this signal');
  const done = l.b.label('signalled');
  const failed = l.b.label('not_signalled');
  const result = l.b.copy(0n);
  if (typeof number === 'number') {
    const bad = l.b.label('no_signal');
    l.b.branch('eq', number, 0n, bad);
    l.b.branch('gt', number, 64n, bad);
    l.b.cold(() => {
      l.b.place(bad);
      const name = `${call.callee}()`;
      sendRuntimeError(l, `${name} expects an integer between 1 and 64 (inclusive).`, call.span);
      l.b.jump(done);
    });
  }
  l.b.move(result, l.b.call(helper, number));
  l.b.branch('ne', result, 0n, failed);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(failed);
    sendRuntimeError(l, `${call.callee}() failed.`, call.span);
    l.b.jump(done);
  });
  return result;
}

/** The probed function returns this instead of running; the kernel must allow it for the function. */
export function lowerOverride(l: Lowering, call: Call): Operand {
  return l.b.call('override_return', l.b.context, l.scalar(argument(call, 0)));
}

/** True if the bytes were written. */
export function lowerWriteUser(l: Lowering, call: Call): Operand {
  const target = l.scalar(argument(call, 0));
  const length = l.scalar(argument(call, 2));
  const source = sourceBytes(l, argument(call, 1));
  if (typeof length !== 'bigint') return refuse(call.span, 'write_user() of a variable length');
  const result = l.b.copy(1n);
  const done = l.b.label('written');
  l.b.branch('eq', l.b.call('probe_write_user', target, source, length), 0n, done);
  l.b.move(result, 0n);
  l.b.place(done);
  return result;
}

function sourceBytes(l: Lowering, source: Expression): Address | Operand {
  if (source.kind === 'unary' && source.operand.kind === 'variable') {
    const home = l.variables.get(source.operand.name);
    if (home !== undefined && home.kind !== 'register') return home.address;
  }
  return isScalar(typeOf(l, source)) ? l.scalar(source) : inMemory(l, source);
}
