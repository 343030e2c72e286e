/** Statements and blocks, each statement on lines of its own, with the comments between them where they were. */
import type { Block, Expression, If, Statement } from '../syntax/ast.ts';
import type { Span } from '../source.ts';
import { ExpressionText } from './expression-text.ts';
import { fit, PAGE_WIDTH } from './fit.ts';
import { hasComment } from './layout.ts';
import { sequence, type Piece } from './sequence.ts';

const INDENT = 2;

/** `{`, the statements, `}`; the first line is not indented. */
export function blockText(block: Block, indent: number): string {
  const pieces: Piece[] = block.statements.map((statement) => ({
    span: statement.span,
    text: statementText(statement, indent + INDENT),
  }));
  if (block.value !== undefined) {
    const { value } = block;
    pieces.push({ span: value.span, text: valueText(value, indent + INDENT) });
  }
  const { source, start, end } = block.span;
  const inside = { source, start: start + 1, end: end - 1 };
  const body = sequence(pieces, inside, indent + INDENT);
  return body === '' ? '{}' : `{\n${body}${' '.repeat(indent)}}`;
}

function valueText(value: Expression, indent: number): string {
  return verbatim(value) ?? fit(value, new ExpressionText(blockText, indent), indent, 0);
}

/** What has a comment in it, and not between the statements of a block, is left as it was written. */
function verbatim(node: Statement | Expression): string | undefined {
  const text = sourceText(node.span);
  if (!hasComment(text)) return undefined;
  return headParts(node).some(hasComment) ? text.trimEnd() : undefined;
}

function sourceText({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}

/** The text of a statement without the blocks in it, which take care of themselves. */
function headParts(node: Statement | Expression): readonly string[] {
  const blocks = ownBlocks(node).toSorted((a, b) => a.span.start - b.span.start);
  const parts: string[] = [];
  let { start } = node.span;
  for (const { span } of blocks) {
    parts.push(sourceText({ ...span, start, end: span.start }));
    start = span.end;
  }
  return [...parts, sourceText({ ...node.span, start })];
}

function ownBlocks(node: Statement | Expression): readonly Block[] {
  switch (node.kind) {
    case 'block':
      return [node];
    case 'for':
    case 'while':
    case 'unroll':
      return [node.body];
    case 'expression-statement':
      return ownBlocks(node.expression);
    case 'if':
      return [node.then, ...(node.otherwise === undefined ? [] : ownBlocks(node.otherwise))];
    case 'block-expression':
      return [node.block];
    case 'assignment':
      return ownBlocks(node.value);
    case 'let':
      return node.value === undefined ? [] : ownBlocks(node.value);
    case 'discard':
      return ownBlocks(node.expression);
    default:
      return [];
  }
}

function statementText(statement: Statement, indent: number): string {
  const kept = verbatim(statement);
  if (kept !== undefined) {
    return /[;}]$/.test(kept) ? kept : `${kept};`;
  }
  const text = new ExpressionText(blockText, indent);
  const fitted = (prefix: string, node: Expression): string =>
    `${prefix}${fit(node, text, indent + prefix.length, 1)};`;
  switch (statement.kind) {
    case 'expression-statement':
      return statement.expression.kind === 'if'
        ? ifText(statement.expression, text, indent)
        : fitted('', statement.expression);
    case 'block':
      return blockText(statement, indent);
    case 'discard':
      return fitted('_ = ', statement.expression);
    case 'let': {
      const type = statement.type === undefined ? '' : ` : ${text.type(statement.type)}`;
      const declaration = `let $${statement.variable.name}${type}`;
      return statement.value === undefined
        ? `${declaration};`
        : fitted(`${declaration} = `, statement.value);
    }
    case 'assignment':
      return fitted(`${text.bare(statement.target)} ${statement.operator} `, statement.value);
    case 'for': {
      const { iterable } = statement;
      const bound = (node: Expression): string =>
        node.kind === 'integer' ? text.bare(node) : `(${text.bare(node)})`;
      const range =
        iterable.kind === 'range'
          ? `${bound(iterable.from)}..${bound(iterable.to)}`
          : text.bare(iterable);
      const head = `for $${statement.variable.name} : ${range}`;
      return `${head} ${blockText(statement.body, indent)}`;
    }
    case 'while':
      return `while (${text.bare(statement.condition)}) ${blockText(statement.body, indent)}`;
    case 'unroll':
      return `unroll (${text.bare(statement.count)}) ${blockText(statement.body, indent)}`;
    case 'jump':
      return statement.value === undefined
        ? `${statement.jump};`
        : fitted(`${statement.jump} `, statement.value);
    case 'statement-import':
      return `import "${statement.path}";`;
  }
}

/** As a statement, its blocks are on lines of their own. */
function ifText(node: If, text: ExpressionText, indent: number): string {
  const { condition } = node;
  const head = text.condition(node);
  const fits =
    indent + head.length + 'if  {'.length <= PAGE_WIDTH || node.comptime || !head.startsWith('(');
  const shown = fits ? head : `(${fit(condition, text, indent + 'if ('.length, ') {'.length)})`;
  const then = `if ${shown} ${blockText(node.then, indent)}`;
  if (node.otherwise === undefined) return then;
  const otherwise =
    node.otherwise.kind === 'if'
      ? ifText(node.otherwise, text, indent)
      : blockText(node.otherwise, indent);
  return `${then} else ${otherwise}`;
}
