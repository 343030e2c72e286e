/** Operands of x86-64 in AT&T syntax: `$5`, `%edi`, `-24(%rbp)`, `4(%rax,%rdx,4)`, `counter+8(%rip)`, `$counter`. */
import { assemblerInteger } from './assembler-integer.ts';
import type { UsdtOperand } from './usdt-operand.ts';

interface RegisterName {
  readonly reg: string;
  readonly bitOffset: number;
}

const registers: ReadonlyMap<string, RegisterName> = new Map([
  ...['ax', 'bx', 'cx', 'dx'].flatMap((reg) => legacy(reg, [`${reg[0]}l`], `${reg[0]}h`)),
  ...['si', 'di', 'bp', 'sp'].flatMap((reg) => legacy(reg, [`${reg}l`])),
  ...['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'].flatMap(numbered),
  ['rip', { reg: 'ip', bitOffset: 0 }] as const,
]);

function legacy(
  reg: string,
  low: readonly string[],
  high?: string,
): (readonly [string, RegisterName])[] {
  const names = [reg, `e${reg}`, `r${reg}`, ...low];
  const low8 = names.map((name) => [name, { reg, bitOffset: 0 }] as const);
  return high === undefined ? low8 : [...low8, [high, { reg, bitOffset: 8 }] as const];
}

function numbered(reg: string): (readonly [string, RegisterName])[] {
  return [reg, `${reg}d`, `${reg}w`, `${reg}b`].map((name) => [name, { reg, bitOffset: 0 }]);
}

const CONSTANT = /^\$(-?(?:0x[\da-f]{1,16}|\d{1,20}))$/i;
const REGISTER = /^%(\w+)$/;
const SYMBOL_CONSTANT = /^\$([A-Za-z_.][\w.$@]*)([+-](?:0x[\da-f]{1,8}|\d{1,10}))?$/i;
/** A number that is written ahead of its symbol, as C libraries have them. */
const NUMBER_FIRST = /^([+-]?(?:0x[\da-f]{1,8}|\d{1,10}))\+([A-Za-z_.][\w.$@]*)/i;
/** Symbol, displacement, base, index, scale: each may be missing. */
const MEMORY =
  /^([A-Za-z_.][\w.$@]*)?([+-]?(?:0x[\da-f]{1,8}|\d{1,10}))?(?:\(\s*(?:%(\w+))?\s*(?:,\s*%(\w+)\s*(?:,\s*([1248]))?)?\s*\))?$/i;

/** Undefined for what is not understood, segment registers and vector registers included. */
export function parseX86Operand(text: string): UsdtOperand | undefined {
  const constant = CONSTANT.exec(text);
  if (constant !== null) return { kind: 'const', value: assemblerInteger(constant[1] ?? '0') };
  const address = SYMBOL_CONSTANT.exec(text);
  if (address?.[1] !== undefined) {
    return { kind: 'const', value: assemblerInteger(address[2] ?? '0'), symbol: address[1] };
  }
  const register = REGISTER.exec(text);
  if (register !== null) {
    const found = registers.get(register[1] ?? '');
    return found && { kind: 'reg', ...found };
  }
  return parseMemory(text.replace(NUMBER_FIRST, symbolFirst));
}

function symbolFirst(_: string, number: string, symbol: string): string {
  return symbol + (/^[+-]/.test(number) ? number : `+${number}`);
}

function parseMemory(text: string): UsdtOperand | undefined {
  const match = MEMORY.exec(text);
  if (text === '' || match === null) return undefined;
  const [, symbol, displacement, baseName, indexName, scale] = match;
  const base = baseName === undefined ? undefined : registers.get(baseName)?.reg;
  const index = indexName === undefined ? undefined : registers.get(indexName)?.reg;
  if (baseName !== undefined && base === undefined) return undefined;
  if (indexName !== undefined && index === undefined) return undefined;
  return {
    kind: 'memory',
    ...(base === undefined ? {} : { reg: base }),
    ...(index === undefined ? {} : { index }),
    scale: Number(scale ?? 1) as 1 | 2 | 4 | 8,
    displacement: Number(assemblerInteger(displacement ?? '0')),
    ...(symbol === undefined ? {} : { symbol }),
  };
}
