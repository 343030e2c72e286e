/** Types and declarations in C, spaced as the kernel's own tools print them: `const char *`, `int (*fn)(void *)`. */
import type { Btf } from './btf.ts';
import { coreName, declare } from './c-declarator.ts';
import type { TypeId } from './type.ts';

/**
 * `struct task_struct *`, `char[16]`, `int (*)(void)`.
 * @throws BtfError for a type that refers to itself.
 */
export function cTypeName(btf: Btf, id: TypeId): string {
  return declare(btf, btf.typeById(id), '', coreName);
}

/**
 * `char comm[16]`, `struct file *file`: the type around a name.
 * @throws BtfError for a type that refers to itself.
 */
export function cDeclaration(btf: Btf, id: TypeId, name: string): string {
  return declare(btf, btf.typeById(id), name, coreName);
}
