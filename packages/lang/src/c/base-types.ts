/** The types that C itself has, as a machine has them. */
import type { Target } from '../target.ts';
import {
  BOOLEAN,
  INT16,
  INT32,
  INT64,
  INT8,
  UINT16,
  UINT32,
  UINT64,
  UINT8,
  VOID,
} from '../types/scalars.ts';
import type { Type } from '../types/type.ts';
import type { CBase } from './c-type.ts';

export interface BaseType {
  readonly type: Type;
  readonly size: number;
}

/** Fractions have no values in the language; their bytes count all the same. */
export function baseType(base: CBase, arch: Target['arch']): BaseType {
  switch (base) {
    case 'void':
      return { type: VOID, size: 1 };
    case 'bool':
      return { type: BOOLEAN, size: 1 };
    case 'char':
      // AAPCS64 §10.1.2: plain char is unsigned.
      return { type: arch === 'arm64' ? UINT8 : INT8, size: 1 };
    case 'signed char':
      return { type: INT8, size: 1 };
    case 'unsigned char':
      return { type: UINT8, size: 1 };
    case 'short':
      return { type: INT16, size: 2 };
    case 'unsigned short':
      return { type: UINT16, size: 2 };
    case 'int':
      return { type: INT32, size: 4 };
    case 'unsigned int':
      return { type: UINT32, size: 4 };
    case 'long':
      return { type: INT64, size: 8 };
    case 'unsigned long':
      return { type: UINT64, size: 8 };
    case '__int128':
    case 'unsigned __int128':
      return { type: { kind: 'array', element: UINT64, length: 2, space: 'kernel' }, size: 16 };
    case 'float':
      return { type: VOID, size: 4 };
    case 'double':
      return { type: VOID, size: 8 };
    case 'long double':
      return { type: VOID, size: 16 };
  }
}
