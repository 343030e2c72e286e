/** The syntax tree as canonical source text: two blanks per level, parentheses only where they are needed. */
import type { Item, Program, Statement, TypeName } from './ast.ts';
import { printExpression, printType, type BlockPrinter } from './print-expression.ts';
import { printString } from './print-string.ts';

/** Source text that parses into the same tree. Comments are not part of the tree, and so not of the text. */
export function printProgram(program: Program): string {
  const head = [
    ...program.definitions.map((definition) => definition.text),
    ...(program.config === undefined ? [] : [printConfig(program.config)]),
    ...program.imports.map((node) => `import ${printString(node.path)};`),
  ];
  const items = program.items.map(printItem);
  return [...(head.length === 0 ? [] : [head.join('\n')]), ...items]
    .map((part) => `${part}\n`)
    .join('\n');
}

function printConfig(config: NonNullable<Program['config']>): string {
  const entries = config.entries.map(
    ({ key, value }) =>
      `  ${key} = ${typeof value === 'string' ? printString(value) : String(value)};\n`,
  );
  return `config = {\n${entries.join('')}}`;
}

function printItem(item: Item): string {
  switch (item.kind) {
    case 'probe': {
      const points = item.attachPoints.map(({ name, text }) =>
        name === undefined ? text : `${name}=${text}`,
      );
      const predicate =
        item.predicate === undefined ? '' : ` / ${printExpression(item.predicate, printBlock)} /`;
      return `${points.join(',\n')}${predicate} ${printBlock(item.block, 0)}`;
    }
    case 'macro': {
      const parameters = item.parameters.map((parameter) => printExpression(parameter, printBlock));
      return `macro ${item.name}(${parameters.join(', ')}) ${printBlock(item.body, 0)}`;
    }
    case 'subprogram': {
      const parameters = item.parameters.map(
        ({ variable, type }) => `$${variable.name} : ${printTypeName(type)}`,
      );
      const head = `fn ${item.name}(${parameters.join(', ')}) : ${printTypeName(item.returns)}`;
      return `${head} ${printBlock(item.body, 0)}`;
    }
    case 'map-declaration':
      return `let ${item.map.name} = ${item.mapType}(${item.maxEntries});`;
  }
}

function printTypeName(type: TypeName): string {
  return printType(type, printBlock, 0);
}

const printBlock: BlockPrinter = ({ statements, value }, level) => {
  const lines = statements.map((statement) => printStatement(statement, level + 1));
  if (value !== undefined) lines.push(printExpression(value, printBlock, level + 1));
  if (lines.length === 0) return '{}';
  const indent = '  '.repeat(level + 1);
  const body = lines.map((line, index) => {
    const next = lines[index + 1] ?? '';
    return `${indent}${line}${runsInto(statements[index], next) ? ';' : ''}\n`;
  });
  return `{\n${body.join('')}${'  '.repeat(level)}}`;
};

/** After an `if` or a block, an operator would be taken for a binary one. */
function runsInto(statement: Statement | undefined, next: string): boolean {
  const open =
    statement?.kind === 'block' ||
    (statement?.kind === 'expression-statement' && statement.expression.kind === 'if');
  return open && /^[-*&]/.test(next);
}

function printStatement(statement: Statement, level: number): string {
  const expression = (node: Parameters<typeof printExpression>[0]): string =>
    printExpression(node, printBlock, level);
  switch (statement.kind) {
    case 'expression-statement': {
      const bare = statement.expression.kind === 'if';
      return `${expression(statement.expression)}${bare ? '' : ';'}`;
    }
    case 'block':
      return printBlock(statement, level);
    case 'discard':
      return `_ = ${expression(statement.expression)};`;
    case 'let': {
      const type =
        statement.type === undefined ? '' : ` : ${printType(statement.type, printBlock, level)}`;
      const value = statement.value === undefined ? '' : ` = ${expression(statement.value)}`;
      return `let $${statement.variable.name}${type}${value};`;
    }
    case 'assignment':
      return `${expression(statement.target)} ${statement.operator} ${expression(statement.value)};`;
    case 'for': {
      const { iterable } = statement;
      const range =
        iterable.kind === 'range'
          ? `${printExpression(iterable.from, printBlock, level, 'primary')}..${printExpression(iterable.to, printBlock, level, 'primary')}`
          : expression(iterable);
      return `for ($${statement.variable.name} : ${range}) ${printBlock(statement.body, level)}`;
    }
    case 'while':
      return `while (${expression(statement.condition)}) ${printBlock(statement.body, level)}`;
    case 'unroll':
      return `unroll (${expression(statement.count)}) ${printBlock(statement.body, level)}`;
    case 'jump':
      return `${statement.jump}${statement.value === undefined ? '' : ` ${expression(statement.value)}`};`;
    case 'statement-import':
      return `import ${printString(statement.path)};`;
  }
}
