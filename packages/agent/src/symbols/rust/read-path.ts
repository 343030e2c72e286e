/** Paths, types and constants in Rust names, as rustc's RFC 2603 has them. */
import { RustNameError, type RustText } from './rust-text.ts';

/** @param inType types have their arguments without `::` before them */
export function readPath(text: RustText, inType: boolean): string {
  return text.nested(() => text.bounded(path(text, inType)));
}

function path(text: RustText, inType: boolean): string {
  switch (text.next()) {
    case 'C':
      text.optional62('s');
      return text.identifier();
    case 'M':
      skipImplPath(text);
      return `<${readType(text)}>`;
    case 'X':
      skipImplPath(text);
      return traitPath(text);
    case 'Y':
      return traitPath(text);
    case 'N':
      return nestedPath(text, inType);
    case 'I': {
      const of = readPath(text, inType);
      const args = listUntilEnd(text, () => genericArg(text)).join(', ');
      return `${of}${inType ? '' : '::'}<${args}>`;
    }
    case 'B':
      return text.earlier(() => readPath(text, inType));
    default:
      throw new RustNameError('unknown path');
  }
}

function traitPath(text: RustText): string {
  const type = readType(text);
  return `<${type} as ${readPath(text, true)}>`;
}

/** Where an `impl` is: the type tells enough. */
function skipImplPath(text: RustText): void {
  text.optional62('s');
  readPath(text, false);
}

function nestedPath(text: RustText, inType: boolean): string {
  const kind = text.next();
  const outer = readPath(text, inType);
  const index = text.optional62('s');
  const name = text.identifier();
  if (/[a-z]/.test(kind)) return name === '' ? outer : `${outer}::${name}`;
  const word = kind === 'C' ? 'closure' : kind === 'S' ? 'shim' : kind;
  return `${outer}::{${word}${name === '' ? '' : `:${name}`}#${index}}`;
}

function genericArg(text: RustText): string {
  if (text.take('L')) return lifetime(text);
  return text.take('K') ? constant(text) : readType(text);
}

const BASIC_TYPES: Readonly<Record<string, string>> = {
  a: 'i8',
  b: 'bool',
  c: 'char',
  d: 'f64',
  e: 'str',
  f: 'f32',
  h: 'u8',
  i: 'isize',
  j: 'usize',
  l: 'i32',
  m: 'u32',
  n: 'i128',
  o: 'u128',
  p: '_',
  s: 'i16',
  t: 'u16',
  u: '()',
  v: '...',
  x: 'i64',
  y: 'u64',
  z: '!',
};

function readType(text: RustText): string {
  return text.nested(() => text.bounded(type(text)));
}

function type(text: RustText): string {
  const letter = text.peek();
  const basic = BASIC_TYPES[letter];
  if (basic === undefined && /[CMXYNI]/.test(letter)) return readPath(text, true);
  text.next();
  if (basic !== undefined) return basic;
  switch (letter) {
    case 'A': {
      const element = readType(text);
      return `[${element}; ${constant(text)}]`;
    }
    case 'S':
      return `[${readType(text)}]`;
    case 'T': {
      const parts = listUntilEnd(text, () => readType(text));
      return `(${parts.join(', ')}${parts.length === 1 ? ',' : ''})`;
    }
    case 'R':
    case 'Q': {
      const named = text.take('L') ? lifetime(text) : "'_";
      const life = named === "'_" ? '' : `${named} `;
      return `&${life}${letter === 'Q' ? 'mut ' : ''}${readType(text)}`;
    }
    case 'P':
      return `*const ${readType(text)}`;
    case 'O':
      return `*mut ${readType(text)}`;
    case 'F':
      return withLifetimes(text, () => functionType(text));
    case 'D': {
      const traits = withLifetimes(text, () =>
        listUntilEnd(text, () => dynTrait(text)).join(' + '),
      );
      if (!text.take('L')) throw new RustNameError('no lifetime');
      const life = lifetime(text);
      return `dyn ${traits}${life === "'_" ? '' : ` + ${life}`}`;
    }
    case 'B':
      return text.earlier(() => readType(text));
    default:
      throw new RustNameError('unknown type');
  }
}

function functionType(text: RustText): string {
  const unsafe = text.take('U') ? 'unsafe ' : '';
  const abi = text.take('K')
    ? `extern "${text.take('C') ? 'C' : text.identifier().replaceAll('_', '-')}" `
    : '';
  const params = listUntilEnd(text, () => readType(text)).join(', ');
  const result = readType(text);
  return `${unsafe}${abi}fn(${params})${result === '()' ? '' : ` -> ${result}`}`;
}

function dynTrait(text: RustText): string {
  const trait = readPath(text, true);
  const bindings: string[] = [];
  while (text.take('p')) {
    const name = text.identifier();
    bindings.push(`${name} = ${readType(text)}`);
  }
  if (bindings.length === 0) return trait;
  const list = bindings.join(', ');
  return trait.endsWith('>') ? `${trait.slice(0, -1)}, ${list}>` : `${trait}<${list}>`;
}

function withLifetimes(text: RustText, read: () => string): string {
  const before = text.lifetimes;
  const count = text.optional62('G');
  if (count > 64) throw new RustNameError('too many lifetimes');
  text.lifetimes += count;
  const names = Array.from({ length: count }, (_, index) => lifetimeName(before + index));
  const inner = read();
  text.lifetimes = before;
  return count === 0 ? inner : `for<${names.join(', ')}> ${inner}`;
}

function lifetime(text: RustText): string {
  const index = text.base62();
  if (index === 0) return "'_";
  if (index > text.lifetimes) throw new RustNameError('no such lifetime');
  return lifetimeName(text.lifetimes - index);
}

function lifetimeName(depth: number): string {
  return depth < 26 ? `'${String.fromCharCode(97 + depth)}` : `'_${depth}`;
}

function constant(text: RustText): string {
  return text.nested(() => {
    if (text.take('B')) return text.earlier(() => constant(text));
    if (text.take('p')) return '_';
    const kind = text.next();
    if (!/[abchijlmnostxy]/.test(kind)) throw new RustNameError('unknown constant');
    const sign = text.take('n') ? '-' : '';
    const digits = text.match(/^[0-9a-f]*_/).slice(0, -1);
    const value = BigInt(`0x${digits === '' ? '0' : digits}`);
    if (kind === 'b') return value === 0n ? 'false' : 'true';
    if (kind === 'c' && value <= 0x10ffffn) {
      const code = Number(value);
      return code < 0x20 ? `'\\u{${code.toString(16)}}'` : `'${String.fromCodePoint(code)}'`;
    }
    return `${sign}${value}`;
  });
}

function listUntilEnd(text: RustText, read: () => string): readonly string[] {
  const list: string[] = [];
  while (!text.take('E')) list.push(read());
  return list;
}
