/** Matching of functions by their names in C++, as attach points with `cpp:` have them. */
import { demangleItanium } from '../symbols/itanium/demangle-itanium.ts';
import { FIXED_WORDS } from '../symbols/itanium/words.ts';
import { matcher, type Matcher } from './wildcard.ts';

/** Matches mangled names. Parameters count only in patterns that have some. */
export function cppMatcher(pattern: string): Matcher {
  const matches = matcher(pattern);
  const words = ownWords(pattern);
  const hasParameters = pattern.includes('(');
  return (name) => {
    // A part of a function cannot be traced.
    if (name.includes('.part.')) return false;
    if (matches(name)) return true;
    if (!words.every((word) => name.includes(word))) return false;
    const demangled = demangleItanium(name);
    if (demangled === undefined) return false;
    return matches(hasParameters ? demangled : withoutParameters(demangled));
  };
}

/** Words that are in a mangled name as they are in the source, which saves most names from being demangled. */
function ownWords(pattern: string): readonly string[] {
  const words = pattern.match(/[A-Za-z_]\w{2,}/g) ?? [];
  return words.filter((word) => !FIXED_WORDS.includes(word));
}

/** Up to the parenthesis that the last one closes. */
export function withoutParameters(name: string): string {
  let depth = 0;
  for (let at = name.lastIndexOf(')'); at >= 0; at--) {
    if (name[at] === ')') depth++;
    if (name[at] === '(') depth--;
    if (depth === 0) return name.slice(0, at);
  }
  return name;
}
