/** Names of C++ functions and variables as their source has them (Itanium C++ ABI, 5.1), in the words of c++filt. */
import { isPack, plain, textOf } from './declarator.ts';
import { MangledError, MangledText, type Grammar } from './mangled-text.ts';
import { readEncoding } from './read-encoding.ts';
import { readExpression, readLiteral } from './read-expression.ts';
import { readName } from './read-name.ts';
import { readType } from './read-type.ts';

const GRAMMAR: Grammar = {
  type: readType,
  name: readName,
  expression: readExpression,
  literal: readLiteral,
  encoding: readEncoding,
};

/** Longer names are no names. */
const MAX_NAME_CHARS = 8192;

/** Undefined for a name that is not mangled, malformed, or larger than anybody could read. */
export function demangleItanium(name: string): string | undefined {
  const prefix = /^_(?:___)?Z/.exec(name)?.[0];
  if (prefix === undefined || name.length > MAX_NAME_CHARS) return undefined;
  const text = new MangledText(name, GRAMMAR);
  text.at = prefix.length;
  try {
    const value = readEncoding(text, 'whole');
    const [found = plain('')] = isPack(value) ? value.elements : [value];
    const clones = cloneWords(text.rest);
    return clones === undefined ? undefined : textOf(found) + clones;
  } catch (error) {
    if (error instanceof MangledError) return undefined;
    throw error;
  }
}

/** Parts of functions that the compiler made others of: `.constprop.0.cold`. */
function cloneWords(rest: string): string | undefined {
  let words = '';
  let at = 0;
  const clone = /\.(?:[A-Za-z_]+(?:\.\d+)*|\d+(?:\.\d+)*)/y;
  while (at < rest.length) {
    clone.lastIndex = at;
    const found = clone.exec(rest)?.[0];
    if (found === undefined) return undefined;
    words += ` [clone ${found}]`;
    at += found.length;
  }
  return words;
}
