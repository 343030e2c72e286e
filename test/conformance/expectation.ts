/** Whether the output is what a case expects. */
import { isDeepStrictEqual } from 'node:util';
import type { Expectation } from './conformance-case.ts';

/** Gives the text of a file that a case names, times in it made local. */
export type ReadExpected = (path: string) => string;

/** What is wrong with the output, or undefined. */
export function unmet(
  expectation: Expectation,
  output: string,
  readExpected: ReadExpected,
): string | undefined {
  switch (expectation.kind) {
    case 'text': {
      const found = wholeLines(expectation.text).test(output);
      return found === expectation.wanted
        ? undefined
        : `${expectation.wanted ? 'expected' : 'expected no'}: ${expectation.text}`;
    }
    case 'regex': {
      const found = pythonRegExp(expectation.pattern).test(output);
      return found === expectation.wanted
        ? undefined
        : `${expectation.wanted ? 'expected' : 'expected no'} match of: ${expectation.pattern}`;
    }
    case 'file': {
      const expected = readExpected(expectation.path).trim();
      return output.trim() === expected
        ? undefined
        : `expected all of ${expectation.path}:\n${expected}`;
    }
    case 'json': {
      const expected = readExpected(expectation.path).trim();
      const equal = expectation.path.endsWith('.ndjson')
        ? sameLines(output.trim(), expected)
        : sameJson(output.trim(), expected);
      return equal ? undefined : `expected the JSON of ${expectation.path}:\n${expected}`;
    }
  }
}

function wholeLines(text: string): RegExp {
  const literal = text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(String.raw`^\s*${literal}\s*$`, 'm');
}

/**
 * Suites are written for Python, where `[]` opens a set that has `]` in it, `\Z` is the end, and a group may say that
 * its dots stand for line breaks too.
 */
function pythonRegExp(pattern: string): RegExp {
  const flags = /^\(\?([a-z]+)\)/.exec(pattern);
  const source = pattern
    .slice(flags?.[0].length ?? 0)
    .replaceAll(/(?<!\\)\[(\^?)\]/g, String.raw`[$1\]`)
    .replaceAll(
      /\(\?s:([^()]*)\)/g,
      (_, inner: string) => `(?:${inner.replaceAll(/(?<!\\)\./g, '[^]')})`,
    )
    .replaceAll(String.raw`\Z`, '(?![^])');
  const given = flags?.[1] ?? '';
  return new RegExp(source, `m${given.includes('i') ? 'i' : ''}${given.includes('s') ? 's' : ''}`);
}

function sameLines(output: string, expected: string): boolean {
  const found = output.split('\n');
  const wanted = expected.split('\n');
  return (
    found.length === wanted.length &&
    found.every((line, index) => sameJson(line, wanted[index] ?? ''))
  );
}

/** One line of output; the file may be laid out in any way. */
function sameJson(output: string, expected: string): boolean {
  if (output.includes('\n')) return false;
  try {
    return isDeepStrictEqual(parseExactly(output), parseExactly(expected));
  } catch {
    return false;
  }
}

/** Integers that a double cannot hold are kept as their digits. */
function parseExactly(text: string): unknown {
  const exact = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"integer ${token}"`,
  );
  return JSON.parse(exact);
}
