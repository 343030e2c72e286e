/** Addresses that the host names later: `ksym`, `usym`, `func`. */
import type { Address, Operand } from './ir.ts';
import { readRegister } from './lower-context.ts';
import { lowerProcess } from './lower-process.ts';
import type { Lowering } from './lowering.ts';
import { at } from './memory.ts';

/** A user address with the process it belongs to. */
export function lowerSymbolInto(l: Lowering, address: Operand, to: Address): void {
  l.b.store(8, to, address);
  const process = lowerProcess(l, 'pid', false);
  l.b.store(8, at(to, 8), process);
}

/** The function that was entered or left. Before Linux 6.6 the helper knows no functions of processes. */
export function lowerFunctionAddress(l: Lowering): Operand {
  const helps = l.probe.provider !== 'uprobe';
  if (helps && l.program.target.features.getFuncIp) return l.b.call('get_func_ip', l.b.context);
  return readRegister(l, l.arch.instructionPointer);
}
