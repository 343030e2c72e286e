/** `percpu_kaddr`: where a CPU has its own copy of a variable of the kernel. */
import type { Call } from '../syntax/ast.ts';
import { PER_CPU_OFFSETS } from '../requirements.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { readInteger } from './remote.ts';
import { argument } from './lower-string.ts';

/** 0 for a CPU that there can not be. */
export function lowerPerCpuAddress(l: Lowering, call: Call): Operand {
  const { kernelSymbols, possibleCpus } = l.program.target;
  const [name] = call.arguments;
  const symbol = name?.kind === 'string' ? kernelSymbols[name.value] : undefined;
  const offsets = kernelSymbols[PER_CPU_OFFSETS];
  if (symbol === undefined || offsets === undefined) {
    return refuse(call.span, 'a per-CPU variable without kallsyms');
  }
  const given = call.arguments.length > 1 ? l.scalar(argument(call, 1)) : undefined;
  const cpu = l.b.toRegister(given ?? l.b.call('get_smp_processor_id'));
  const result = l.b.copy(0n);
  const missing = l.b.label('missing');
  l.b.branch('ge', cpu, BigInt(possibleCpus), missing);
  const base = l.b.arithmetic('mul', cpu, 8n);
  l.b.apply('add', base, l.b.toRegister(offsets));
  const offset = readInteger(l, { space: 'kernel', base, offset: 0 }, 8);
  l.b.move(result, l.b.arithmetic('add', offset, l.b.toRegister(symbol)));
  l.b.place(missing);
  return result;
}
