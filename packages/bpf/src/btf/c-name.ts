/** Types and declarations in C, spaced as the kernel's own BTF dumper does: `const char *`, `int (*fn)(void *)`. */
import type { Btf } from './btf.ts';
import type { BtfFunctionPrototype, BtfQualifier, BtfType, TypeId } from './type.ts';
import { VisitBudget } from './visit-budget.ts';

/** `struct task_struct *`, `char[16]`, `int (*)(void)`. */
export function cTypeName(btf: Btf, id: TypeId): string {
  return declarator(btf, btf.typeById(id), '', new VisitBudget());
}

/** `char comm[16]`, `struct file *file`: the type around a name. */
export function cDeclaration(btf: Btf, id: TypeId, name: string): string {
  return declarator(btf, btf.typeById(id), name, new VisitBudget());
}

/**
 * Wraps `inner`, the part of the declarator that is already known, in one more type.
 * @throws BtfError for a type that refers to itself.
 */
function declarator(btf: Btf, type: BtfType, inner: string, budget: VisitBudget): string {
  budget.spend();
  const into = (id: TypeId, text: string): string =>
    declarator(btf, btf.typeById(id), text, budget);
  switch (type.kind) {
    case 'ptr': {
      const pointee = btf.typeById(type.type).kind;
      const star = `*${inner}`;
      return into(type.type, pointee === 'func_proto' || pointee === 'array' ? `(${star})` : star);
    }
    case 'array':
      return into(type.element, `${inner}[${type.length}]`);
    case 'func_proto':
      return into(type.returnType, `${inner}(${parameters(btf, type, budget)})`);
    case 'const':
    case 'volatile':
    case 'restrict':
      return qualified(btf, type, inner, budget);
    case 'type_tag':
      return into(type.type, inner);
    case 'func':
      return into(type.type, type.name);
    default:
      return joined(baseName(type), inner);
  }
}

/** A qualifier goes after the star of a pointer, else before the name of the type. */
function qualified(btf: Btf, type: BtfQualifier, inner: string, budget: VisitBudget): string {
  const target = btf.typeById(type.type);
  switch (target.kind) {
    case 'ptr':
      return declarator(btf, target, joined(` ${type.kind}`, inner), budget);
    default:
      return `${type.kind} ${declarator(btf, target, inner, budget)}`;
  }
}

function parameters(btf: Btf, prototype: BtfFunctionPrototype, budget: VisitBudget): string {
  const params = prototype.params.map((param) =>
    declarator(btf, btf.typeById(param.type), param.name, budget),
  );
  if (prototype.variadic) params.push('...');
  return params.length === 0 ? 'void' : params.join(', ');
}

function baseName(type: BtfType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'struct':
    case 'union':
    case 'enum':
      return `${type.kind} ${type.name === '' ? '{ ... }' : type.name}`;
    case 'fwd':
      return `${type.of} ${type.name}`;
    case 'int':
    case 'float':
    case 'typedef':
    case 'var':
    case 'datasec':
    case 'decl_tag':
      return type.name;
    default:
      return '';
  }
}

/** Brackets stand right behind a type's name, everything else after a space. */
function joined(base: string, inner: string): string {
  return inner === '' || inner.startsWith('[') ? `${base}${inner}` : `${base} ${inner}`;
}
