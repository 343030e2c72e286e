/** C definitions at the head of a program, taken over as text: preprocessor lines, structs, unions and enums. */
import type { CDefinition } from './ast.ts';
import { malformedAttribute, unbalancedAttribute } from '../diagnostics/messages/syntax.ts';
import { span, type Source, type Span } from '../source.ts';
import { isIdentifierStart } from './characters.ts';
import { faultRange, readToken, skipLayout } from './lexer.ts';
import { SyntaxFault } from './syntax-fault.ts';

/** directive := '#' … to the end of the line, and on where a backslash ends the line */
export function readDirective(source: Source, start: number): CDefinition {
  const { text } = source;
  let end = text.indexOf('\n', start);
  while (end !== -1 && /\\\r?$/.test(text.slice(start, end))) end = text.indexOf('\n', end + 1);
  const where = span(source, start, end === -1 ? text.length : end);
  return {
    kind: 'c-definition',
    span: where,
    form: 'directive',
    text: text.slice(where.start, where.end).trimEnd(),
  };
}

/**
 * Whether a struct, union or enum definition starts here: a tag keyword, then words and balanced parentheses up to a
 * brace. `struct:probe { … }` is no definition.
 */
export function atDefinition(text: string, start: number): boolean {
  const keyword = readToken(text, start);
  if (!/^(?:struct|union|enum)$/.test(keyword.text)) return false;
  let at = skipLayout(text, keyword.end);
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '{') return true;
    if (isIdentifierStart(character)) {
      at = readToken(text, at).end;
    } else if (character === '(' || character === '[') {
      const end = balancedEnd(text, at, character, character === '(' ? ')' : ']');
      if (end === undefined) return false;
      at = end;
    } else {
      return false;
    }
    at = skipLayout(text, at);
  }
  return false;
}

/** definition := ('struct' | 'union' | 'enum') … '{' … '}' ('__attribute__' '((' … '))')* [';'] */
export function readDefinition(source: Source, start: number): CDefinition {
  const { text } = source;
  const form = readToken(text, start).text as 'struct' | 'union' | 'enum';
  let end = bracesEnd(text, text.indexOf('{', start));
  for (;;) {
    const word = readToken(text, end);
    if (word.text !== '__attribute__') break;
    const open = skipLayout(text, word.end);
    if (!text.startsWith('((', open)) throw fault(malformedAttribute, source, word.end);
    const close = balancedEnd(text, open, '(', ')');
    if (close === undefined) throw fault(unbalancedAttribute, source, word.end);
    end = close;
  }
  const definition = text.slice(start, end).trimEnd();
  const semicolon = readToken(text, end);
  const where = span(source, start, semicolon.text === ';' ? semicolon.end : end);
  return { kind: 'c-definition', span: where, form, text: `${definition};` };
}

/** Past the brace that closes the one at `open`, braces in comments aside; the end of the text if there is none. */
function bracesEnd(text: string, open: number): number {
  let depth = 0;
  let at = open;
  while (at < text.length) {
    const afterComment = skipLayout(text, at);
    if (afterComment > at) {
      at = afterComment;
      continue;
    }
    const character = text.charAt(at++);
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return text.length;
}

function balancedEnd(text: string, start: number, open: string, close: string): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === open) depth++;
    else if (character === close && --depth === 0) return at + 1;
  }
  return undefined;
}

function fault(
  message: (where: Span) => SyntaxFault['diagnostic'],
  source: Source,
  offset: number,
): SyntaxFault {
  const { start, end } = faultRange(source.text, offset);
  return new SyntaxFault(message(span(source, start, end)));
}
