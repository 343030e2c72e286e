/** Operands of arm64: `5`, `x0`, `w3`, `[sp]`, `[x29, -8]`, `[x1, x2, lsl 3]`. */
import { assemblerInteger } from './assembler-integer.ts';
import type { UsdtOperand } from './usdt-operand.ts';

const CONSTANT = /^#?(-?(?:0x[\da-f]{1,16}|\d{1,20}))$/i;
const MEMORY =
  /^\[\s*(\w+)\s*(?:,\s*(?:#?(-?(?:0x[\da-f]{1,8}|\d{1,10}))|(\w+)(?:\s*,\s*lsl\s*#?([0-3]))?))?\s*\]$/i;

/** Undefined for what is not understood, vector registers and sign-extended indices included. */
export function parseArm64Operand(text: string): UsdtOperand | undefined {
  const constant = CONSTANT.exec(text);
  if (constant !== null) return { kind: 'const', value: assemblerInteger(constant[1] ?? '0') };
  const reg = registerName(text);
  if (reg !== undefined) return { kind: 'reg', reg, bitOffset: 0 };
  return parseMemory(text);
}

function parseMemory(text: string): UsdtOperand | undefined {
  const match = MEMORY.exec(text);
  if (match === null) return undefined;
  const [, baseName, displacement, indexName, shift] = match;
  const reg = registerName(baseName ?? '');
  if (reg === undefined) return undefined;
  const place = {
    kind: 'memory',
    reg,
    displacement: Number(assemblerInteger(displacement ?? '0')),
  } as const;
  if (indexName === undefined) return { ...place, scale: 1 };
  // Only an index of 64 bits is used as it stands.
  const index = indexName.startsWith('x') ? registerName(indexName) : undefined;
  if (index === undefined) return undefined;
  return { ...place, index, scale: (2 ** Number(shift ?? 0)) as 1 | 2 | 4 | 8 };
}

/** `x29` and its lower half `w29` are `r29` to the kernel. */
function registerName(name: string): string | undefined {
  if (name === 'sp') return 'sp';
  const match = /^[xw](\d|[12]\d|30)$/.exec(name);
  return match === null ? undefined : `r${match[1]}`;
}
