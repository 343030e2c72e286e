/** Names of Rust functions as their source has them, without the hashes that tell crates apart. */
import { readPath } from './read-path.ts';
import { RustNameError, RustText } from './rust-text.ts';

/** Longer names are no names. */
const MAX_NAME_CHARS = 8192;

/** Undefined for a name of another language, a malformed one, or one larger than anybody could read. */
export function demangleRust(name: string): string | undefined {
  if (name.length > MAX_NAME_CHARS) return undefined;
  return name.startsWith('_R') ? demangleV0(name) : demangleLegacy(name);
}

/** What rustc makes since 1.59 if it is asked to, and later by default (RFC 2603). */
function demangleV0(name: string): string | undefined {
  const text = new RustText(name.slice(2));
  try {
    const path = readPath(text, false);
    // The crate that a generic function was made in.
    if (/^[A-Z]/.test(text.rest)) readPath(text, false);
    return /^(?:[.$].*)?$/s.test(text.rest) ? path + suffix(text.rest) : undefined;
  } catch (error) {
    if (error instanceof RustNameError) return undefined;
    throw error;
  }
}

/** Like a nested name of C++, with a hash as its last part. */
function demangleLegacy(name: string): string | undefined {
  const found = /^_ZN(.+)17h[0-9a-f]{16}E((?:\.[\w.@$]+)?)$/s.exec(name);
  if (found === null) return undefined;
  const [, path = '', rest = ''] = found;
  const parts: string[] = [];
  for (let at = 0; at < path.length;) {
    const length = /^[1-9]\d*/.exec(path.slice(at, at + 5))?.[0];
    if (length === undefined) return undefined;
    const start = at + length.length;
    at = start + Number(length);
    if (at > path.length) return undefined;
    parts.push(unescaped(path.slice(start, at)));
  }
  return parts.join('::') + suffix(rest);
}

const ESCAPES: Readonly<Record<string, string>> = {
  SP: '@',
  BP: '*',
  RF: '&',
  LT: '<',
  GT: '>',
  LP: '(',
  RP: ')',
  C: ',',
};

function unescaped(part: string): string {
  return part
    .replace(/^_(?=\$)/, '')
    .replaceAll('..', '::')
    .replaceAll(/\$(\w+)\$/g, (whole, code: string) => ESCAPES[code] ?? character(code) ?? whole);
}

function character(code: string): string | undefined {
  if (!/^u[0-9a-f]{1,5}$/.test(code)) return undefined;
  return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
}

/** LLVM's own tags say nothing to a reader. */
function suffix(rest: string): string {
  return /^\.llvm\.[0-9A-F@]+$/.test(rest) ? '' : rest;
}
