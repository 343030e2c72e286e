/** What BTF knows of a kernel function's parameters and result. */
import type { Btf } from './btf.ts';
import type { BtfParam, TypeId } from './type.ts';

export interface FunctionSignature {
  /** Id of the function itself, by which tracing programs attach. */
  readonly id: TypeId;
  readonly params: readonly BtfParam[];
  /** 0 for `void`. */
  readonly returnType: TypeId;
  readonly variadic: boolean;
}

/** Undefined for a function that BTF does not list. */
export function functionArgs(btf: Btf, name: string): FunctionSignature | undefined {
  const id = btf.findByName(name, 'func');
  if (id === undefined) return undefined;
  const type = btf.typeById(id);
  const prototype = type.kind === 'func' ? btf.typeById(type.type) : undefined;
  if (prototype?.kind !== 'func_proto') return undefined;
  const { params, returnType, variadic } = prototype;
  return { id, params, returnType, variadic };
}
