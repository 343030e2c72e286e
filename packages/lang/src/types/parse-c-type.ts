/** Types as C writes them without a name, in tracepoint formats and signatures: `const struct file *`, `unsigned long[6]`. */
import { arrayOf } from './btf-types.ts';
import type { CTypes } from './c-types.ts';
import { integer, pointer, VOID } from './scalars.ts';
import type { AddressSpace, Type } from './type.ts';

const QUALIFIERS =
  /\b(const|volatile|restrict|__rcu|__percpu|__iomem|__attribute__\(.*?\)\)|__data_loc|__rel_loc)\b/g;
const INTEGER_WORDS: ReadonlySet<string> = new Set([
  'signed',
  'unsigned',
  'char',
  'short',
  'int',
  'long',
]);

/** Undefined for a name that `types` does not know. What it points to is in `space`, or where `__user` says. */
export function parseCType(text: string, types: CTypes, space: AddressSpace): Type | undefined {
  const plain = text.replace(QUALIFIERS, ' ').replace(/\s+/g, ' ').trim();
  const array = /^(.*?)\s*((?:\[\d*\])+)$/.exec(plain);
  if (array?.[1] !== undefined && array[2] !== undefined) {
    const element = parseCType(array[1], types, space);
    return element === undefined ? undefined : arrays(element, array[2], space);
  }
  // A pointer to a function or an array is written around its name.
  if (/\(\s*\*/.test(plain)) return pointer(VOID, space);
  const star = /^(.*)\*\s*(__user)?$/.exec(plain);
  if (star?.[1] === undefined) return named(plain, types, space);
  const pointed = star[2] !== undefined || /\b__user\b/.test(star[1]) ? 'user' : space;
  const target = parseCType(star[1].replace(/\b__user\b/g, ' '), types, pointed);
  return target === undefined ? undefined : pointer(target, pointed);
}

/** `[2][3]`: the last is the innermost. */
function arrays(element: Type, brackets: string, space: AddressSpace): Type {
  const lengths = [...brackets.matchAll(/\[(\d*)\]/g)].map((match) => Number(match[1] ?? 0));
  return lengths.reduceRight<Type>((inner, length) => arrayOf(inner, length, space), element);
}

function named(name: string, types: CTypes, space: AddressSpace): Type | undefined {
  if (name === 'void' || name === '') return VOID;
  if (name === 'bool' || name === '_Bool') return { kind: 'boolean' };
  return integerNamed(name) ?? types.named(name, space);
}

/** The words of C's own integers may be in any order: `long unsigned int` is `unsigned long`. */
function integerNamed(name: string): Type | undefined {
  const words = name.split(' ');
  if (!words.every((word) => INTEGER_WORDS.has(word))) return undefined;
  const size = words.includes('char')
    ? 1
    : words.includes('short')
      ? 2
      : words.includes('long')
        ? 8
        : 4;
  return integer(size, !words.includes('unsigned'));
}
