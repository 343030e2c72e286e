/**
 * Definitions of structs, unions and enums in C, with the padding and packing that a compiler needs to lay them out
 * as the kernel did; for `-lv 'struct X'`.
 */
import { alignOf, isPacked } from './align.ts';
import type { Btf } from './btf.ts';
import { coreName, declare } from './c-declarator.ts';
import { padding } from './c-padding.ts';
import { sizeOf } from './layout.ts';
import type { BtfComposite, BtfEnum, BtfMember, BtfType, TypeId } from './type.ts';
import { VisitBudget } from './visit-budget.ts';

/**
 * `struct path {`, a line for each member, `};`. Undefined for a type that has no members.
 * @throws BtfError for a type that contains itself.
 */
export function cDefinition(btf: Btf, id: TypeId): string | undefined {
  const type = btf.typeById(id);
  switch (type.kind) {
    case 'struct':
    case 'union':
      return `${new Definition(btf).composite(type, '')};`;
    case 'enum':
      return `${enumeration(type, '')};`;
    default:
      return undefined;
  }
}

class Definition {
  readonly #btf: Btf;
  readonly #budget = new VisitBudget();

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  composite(type: BtfComposite, indent: string): string {
    return this.#budget.visit(() => this.#define(type, indent));
  }

  #define(type: BtfComposite, indent: string): string {
    const { kind, name, sizeBytes, members } = type;
    const isStruct = kind === 'struct';
    const packed = isStruct && isPacked(this.#btf, type);
    const inner = `${indent}\t`;
    const lines: string[] = [];
    let end = 0;
    let previous: BtfMember | undefined;
    for (const member of members) {
      const align = packed ? 1 : alignOf(this.#btf, member.type);
      const inBitfield = (previous?.bitSize ?? 0) !== 0 && member.bitSize !== 0;
      lines.push(...padding(end, member.bitOffset, align, inBitfield));
      lines.push(this.#member(member, inner));
      end = member.bitOffset + (member.bitSize || sizeOf(this.#btf, member.type) * 8);
      previous = member;
    }
    if (isStruct) lines.push(...padding(end, sizeBytes * 8, alignOf(this.#btf, type.id), false));
    const head = name === '' ? `${kind} {` : `${kind} ${name} {`;
    const tail = packed ? '} __attribute__((packed))' : '}';
    if (members.length === 0 && sizeBytes === 0) return `${head}${tail}`;
    return [head, ...lines.map((line) => `${inner}${line};`), `${indent}${tail}`].join('\n');
  }

  #member({ type, name, bitSize }: BtfMember, indent: string): string {
    const core = (inner: BtfType): string => this.#core(inner, indent);
    const text = declare(this.#btf, this.#btf.typeById(type), name, core);
    return bitSize === 0 ? text : `${text}: ${bitSize}`;
  }

  /** What has no name is defined where it is used. */
  #core(type: BtfType, indent: string): string {
    if ((type.kind === 'struct' || type.kind === 'union') && type.name === '') {
      return this.composite(type, indent);
    }
    return type.kind === 'enum' && type.name === '' ? enumeration(type, indent) : coreName(type);
  }
}

function enumeration(type: BtfEnum, indent: string): string {
  const { name, sizeBytes, signed, values } = type;
  const suffix = sizeBytes < 8 ? '' : signed ? 'LL' : 'ULL';
  const lines = values.map((entry) => `${indent}\t${entry.name} = ${entry.value}${suffix},`);
  const head = name === '' ? 'enum {' : `enum ${name} {`;
  return [head, ...lines, `${indent}}${enumMode(type)}`].join('\n');
}

/** What makes a compiler give an enum another size than an int, where the values alone do not. */
function enumMode({ sizeBytes, values }: BtfEnum): string {
  if (sizeBytes === 1) return ' __attribute__((mode(byte)))';
  const needsNoWord = sizeBytes < 8 || values.some(({ value }) => value >> 32n !== 0n);
  return needsNoWord ? '' : ' __attribute__((mode(word)))';
}
