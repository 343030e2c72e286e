/** What lowering an expression gives. */
import type { AddressSpace } from '../types/type.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';

/** `context` memory may be loaded at constant offsets; `kernel` and `user` memory only through helpers. */
export type RemoteSpace = AddressSpace | 'context';

export interface RemotePlace {
  readonly space: RemoteSpace;
  readonly base: VirtualRegister;
  readonly offset: number;
}

/** Helpers read the context like other memory of the kernel. */
export function memorySpace({ space }: RemotePlace): AddressSpace {
  return space === 'context' ? 'kernel' : space;
}

export type Value =
  /** Extended to 64 bits as its type says. */
  | { readonly kind: 'scalar'; readonly operand: Operand }
  /** In memory that the program reaches directly; strings are zero up to their size. */
  | { readonly kind: 'memory'; readonly address: Address }
  /** A string literal. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** A struct, array or string where the kernel or a process has it. */
  | { readonly kind: 'remote'; readonly place: RemotePlace }
  | { readonly kind: 'nothing' };

export function scalar(operand: Operand): Value {
  return { kind: 'scalar', operand };
}
