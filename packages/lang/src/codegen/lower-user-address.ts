/** `uaddr`: where a variable of the traced program is. */
import type { Call } from '../syntax/ast.ts';
import { variablesOf } from '../probes/user-variables.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import { readRegister } from './lower-context.ts';
import type { Lowering } from './lowering.ts';

/** Where the file was loaded follows from where the probe is at run time. */
export function lowerUserAddress(l: Lowering, call: Call): Operand {
  const [name] = call.arguments;
  const { resolved, usdt } = l.probe;
  const variables = variablesOf(resolved);
  const symbol = name?.kind === 'string' ? variables?.symbols[name.value] : undefined;
  if (symbol === undefined) return refuse(call.span, 'this use of uaddr');
  const distance = variables?.codeDistance;
  if (distance === undefined) return symbol.address;
  const offset = usdt?.fileOffset ?? (resolved.kind === 'uprobe' ? resolved.fileOffset : 0);
  const linked = BigInt(offset) + distance;
  return l.b.arithmetic('add', readRegister(l, l.arch.instructionPointer), symbol.address - linked);
}
