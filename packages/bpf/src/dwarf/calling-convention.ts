/** How arguments are handed over: tables by architecture and language, and the one rule that reads them. */
import type { ElfArchitecture } from '../elf/elf.ts';
import type { ArgumentPlace } from './argument-place.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { pieceClasses } from './eightbytes.ts';
import { peelType, sizeOfType } from './peel-type.ts';

interface Convention {
  /** Registers for integers and pointers, by their names in `pt_regs`. */
  readonly integers: readonly string[];
  /** How many floating-point registers there are. */
  readonly floats: number;
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
    large: 'copied',
    stackAt: 8,
    resultTakesRegister: true,
  },
  arm64: {
    integers: ['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7'],
    floats: 8,
    large: 'by address',
    stackAt: 0,
    resultTakesRegister: false,
  },
};

const DW_LANG_Rust = 0x1c;

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
    return {
      kind: 'registers',
      parts: pieces.map((_, index) => ({
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
