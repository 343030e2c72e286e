/** Lays a program out anew, in the style of bpftrace's own tools; comments stay, and so does what the program means. */
import type { AttachPoint, Item, Probe, Program } from '../syntax/ast.ts';
import type { Source, Span } from '../source.ts';
import { parse, type ParseResult } from '../syntax/parse.ts';
import { ExpressionText } from './expression-text.ts';
import { fit } from './fit.ts';
import { hasComment } from './layout.ts';
import { sequence, type Piece } from './sequence.ts';
import { blockText } from './statement-layout.ts';

export type FormatResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: ParseResult<Program>['diagnostics'] };

/** Formatting what was formatted changes nothing. */
export function format(source: Source): FormatResult {
  const { program, diagnostics } = parse(source);
  if (program === undefined) return { ok: false, diagnostics };
  const interpreter = /^#![^\n]*\n?/.exec(source.text)?.[0] ?? '';
  const around = { ...program.span, start: interpreter.length };
  const head = interpreter === '' ? '' : `${interpreter.trimEnd()}\n`;
  const gap = /^\s*\n/.test(source.text.slice(interpreter.length)) && head !== '' ? '\n' : '';
  return { ok: true, text: `${head}${gap}${sequence(topLevel(program), around, 0)}` };
}

function topLevel(program: Program): readonly Piece[] {
  const { config } = program;
  const pieces: Piece[] = [
    ...program.definitions.map(({ span, text }) => ({ span, text: text.trimEnd() })),
    ...(config === undefined ? [] : [{ span: config.span, text: configText(config) }]),
    ...program.imports.map(({ span, path }) => ({ span, text: `import "${path}";` })),
    ...program.items.map((item) => ({ span: wholeSpan(item), text: itemText(item) })),
  ];
  return pieces.toSorted((a, b) => a.span.start - b.span.start);
}

function configText({ entries, span }: NonNullable<Program['config']>): string {
  const { source } = span;
  const pieces = entries.map((entry) => ({
    span: entry.span,
    text: `${entry.key} = ${source.text.slice(entry.valueSpan.start, entry.valueSpan.end)};`,
  }));
  const start = source.text.indexOf('{', span.start) + 1;
  const body = sequence(pieces, { source, start, end: span.end - 1 }, 2);
  return `config = {${body === '' ? '' : `\n${body}`}}`;
}

/** The parser's span of some items is that of their head. */
function wholeSpan(item: Item): Span {
  switch (item.kind) {
    case 'probe':
      return { ...item.span, end: item.block.span.end };
    case 'macro':
    case 'subprogram':
      return { ...item.span, end: item.body.span.end };
    case 'map-declaration':
      return item.span;
  }
}

function itemText(item: Item): string {
  const text = new ExpressionText(blockText, 0);
  switch (item.kind) {
    case 'probe':
      return `${keptHead(item.span, item.block.span, item.attachPoints) ?? probeHead(item, text)}\n${blockText(item.block, 0)}`;
    case 'macro': {
      const parameters = item.parameters.map((parameter) => text.bare(parameter));
      const head = `macro ${item.name}(${parameters.join(', ')})`;
      return `${keptHead(item.span, item.body.span) ?? head}\n${blockText(item.body, 0)}`;
    }
    case 'subprogram': {
      const parameters = item.parameters.map(
        ({ variable, type }) => `$${variable.name} : ${text.type(type)}`,
      );
      const head = `fn ${item.name}(${parameters.join(', ')}) : ${text.type(item.returns)}`;
      return `${keptHead(item.span, item.body.span) ?? head}\n${blockText(item.body, 0)}`;
    }
    case 'map-declaration':
      return `let ${item.map.name} = ${item.mapType}(${item.maxEntries});`;
  }
}

/** A head with a comment in it is left as it was written. Attach points may hold what looks like one. */
function keptHead(
  head: Span,
  body: Span,
  attachPoints: readonly AttachPoint[] = [],
): string | undefined {
  const { text } = head.source;
  let { start } = head;
  let between = '';
  for (const point of attachPoints) {
    between += text.slice(start, point.span.start);
    start = point.span.end;
  }
  between += text.slice(start, body.start);
  return hasComment(between) ? text.slice(head.start, body.start).trimEnd() : undefined;
}

function probeHead({ attachPoints, predicate }: Probe, text: ExpressionText): string {
  const points = attachPoints.map(({ span }) => span.source.text.slice(span.start, span.end));
  const lines = [points.map((point) => point.trim()).join(',\n')];
  if (predicate !== undefined) lines.push(`/${fit(predicate, text, 1, 1)}/`);
  return lines.join('\n');
}
