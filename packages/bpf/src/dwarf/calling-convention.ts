/** How arguments are handed over: tables by architecture and language, and the one rule that reads them. */
import type { ElfArchitecture } from '../elf/elf.ts';
import type { ArgumentPlace } from './argument-place.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { pieceClasses } from './eightbytes.ts';
import { floatRegisters } from './homogeneous-floats.ts';
import { peelType, sizeOfType } from './peel-type.ts';

interface Convention {
  /** Registers for integers and pointers, by their names in `pt_regs`. */
  readonly integers: readonly string[];
  /** How many floating-point registers there are. */
  readonly floats: number;
  /** Which values go into floating-point registers: each piece by itself, or floating-point numbers of one size alone. */
  readonly floatsBy: 'piece' | 'value';
  /** Whether a value in memory is copied to the stack, or its address is passed. */
  readonly large: 'copied' | 'by address';
  /** Where the first argument on the stack is, counted from the stack pointer. */
  readonly stackAt: number;
  /** Whether the address for a result in memory takes the first register. */
  readonly resultTakesRegister: boolean;
}

const conventions: Readonly<Record<ElfArchitecture, Convention>> = {
  x86_64: {
    integers: ['di', 'si', 'dx', 'cx', 'r8', 'r9'],
    floats: 8,
    floatsBy: 'piece',
    large: 'copied',
    stackAt: 8,
    resultTakesRegister: true,
  },
  arm64: {
    integers: ['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7'],
    floats: 8,
    floatsBy: 'value',
    large: 'by address',
    stackAt: 0,
    resultTakesRegister: false,
  },
};

const DW_LANG_Rust = 0x1c;
/** A longer one is handed over by its address. */
const MAX_VALUE_BYTES = 16;

/** One place for each parameter. Functions of Go have another convention, and none of theirs is known here. */
export function argumentPlaces(
  parameters: readonly (Die | undefined)[],
  result: Die | undefined,
  unit: Die,
  architecture: ElfArchitecture,
): readonly ArgumentPlace[] {
  const language = unit.count(dw.DW_AT_language);
  if (language === dw.DW_LANG_Go) return parameters.map(() => ({ kind: 'unreadable' }));
  const convention = conventions[architecture];
  const large = language === DW_LANG_Rust ? 'by address' : convention.large;
  const placing = new Placing({ ...convention, large });
  if (convention.resultTakesRegister && inMemory(result)) placing.takeRegister();
  return parameters.map((type) => placing.next(type));
}

function inMemory(type: Die | undefined): boolean {
  return type !== undefined && (isByReference(type) || pieceClasses(type) === undefined);
}

/** Classes of C++ with copy constructors or destructors. */
function isByReference(type: Die | undefined): boolean {
  return peelType(type)?.count(dw.DW_AT_calling_convention) === dw.DW_CC_pass_by_reference;
}

class Placing {
  readonly #convention: Convention;
  #integers = 0;
  #floats = 0;
  #stackBytes = 0;

  constructor(convention: Convention) {
    this.#convention = convention;
  }

  takeRegister(): string | undefined {
    return this.#convention.integers[this.#integers++];
  }

  next(type: Die | undefined): ArgumentPlace {
    return this.#convention.floatsBy === 'value' ? this.#nextValue(type) : this.#nextPieces(type);
  }

  /** All of a value is in registers of one kind, and once it does not fit, no later one is. */
  #nextValue(type: Die | undefined): ArgumentPlace {
    const { integers, floats } = this.#convention;
    const sizeBytes = sizeOfType(type);
    if (isByReference(type)) return this.#address();
    const inFloats = floatRegisters(type);
    if (inFloats !== undefined) {
      this.#floats += inFloats;
      return this.#floats > floats ? this.#stack(sizeBytes) : { kind: 'unreadable' };
    }
    if (sizeBytes > MAX_VALUE_BYTES) return this.#address();
    const isWide = sizeBytes === MAX_VALUE_BYTES && peelType(type)?.tag === dw.DW_TAG_base_type;
    const first = isWide ? Math.ceil(this.#integers / 2) * 2 : this.#integers;
    this.#integers = first + Math.ceil(sizeBytes / 8);
    if (this.#integers > integers.length) return this.#stack(sizeBytes);
    return this.#registers(first, sizeBytes);
  }

  #nextPieces(type: Die | undefined): ArgumentPlace {
    const sizeBytes = sizeOfType(type);
    const pieces = pieceClasses(type);
    if (isByReference(type) || (pieces === undefined && this.#convention.large === 'by address')) {
      return this.#address();
    }
    if (pieces === undefined) return this.#stack(sizeBytes);
    const integers = pieces.filter((piece) => piece === 'integer').length;
    const floats = pieces.length - integers;
    if (
      this.#integers + integers > this.#convention.integers.length ||
      this.#floats + floats > this.#convention.floats
    ) {
      return this.#stack(sizeBytes);
    }
    this.#floats += floats;
    const first = this.#integers;
    this.#integers += integers;
    if (floats > 0) return { kind: 'unreadable' };
    return this.#registers(first, sizeBytes);
  }

  #registers(first: number, sizeBytes: number): ArgumentPlace {
    return {
      kind: 'registers',
      parts: Array.from({ length: Math.ceil(sizeBytes / 8) }, (_, index) => ({
        register: this.#convention.integers[first + index] ?? '',
        offset: index * 8,
        sizeBytes: Math.min(8, sizeBytes - index * 8),
      })),
    };
  }

  #address(): ArgumentPlace {
    const register = this.takeRegister();
    if (register !== undefined) return { kind: 'indirect', register };
    this.#stackBytes += 8;
    return { kind: 'unreadable' };
  }

  #stack(sizeBytes: number): ArgumentPlace {
    const alignment = sizeBytes === 16 ? 16 : 8;
    const offset = Math.ceil(this.#stackBytes / alignment) * alignment;
    this.#stackBytes = offset + Math.ceil(sizeBytes / 8) * 8;
    return { kind: 'stack', offset: this.#convention.stackAt + offset };
  }
}
