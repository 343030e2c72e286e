/** The syntax tree as indented text, for `-d ast` and for golden files. */
import type { AnyNode } from './ast.ts';
import { children } from './visit.ts';

/** One line per node: its kind, then what it says beside its children. Spans are left out. */
export function dumpTree(node: AnyNode): string {
  const lines: string[] = [];
  dump(node, 0, lines);
  return lines.map((line) => `${line}\n`).join('');
}

function dump(node: AnyNode, depth: number, lines: string[]): void {
  const indent = '  '.repeat(depth);
  lines.push(`${indent}${[node.kind, ...details(node)].join(' ')}`);
  for (const [role, child] of roles(node)) {
    if (role === undefined) {
      dump(child, depth + 1, lines);
    } else {
      lines.push(`${indent}  ${role}:`);
      dump(child, depth + 2, lines);
    }
  }
}

/** What distinguishes nodes of one kind. */
function details(node: AnyNode): readonly string[] {
  switch (node.kind) {
    case 'c-definition':
      return [node.form, JSON.stringify(node.text)];
    case 'config':
      return node.entries.map((entry) => `${entry.key}=${configValue(entry.value)}`);
    case 'import':
    case 'statement-import':
      return [JSON.stringify(node.path)];
    case 'attach-point':
      return [...(node.name === undefined ? [] : [`name=${node.name}`]), node.text];
    case 'macro':
    case 'subprogram':
    case 'identifier':
      return [node.name];
    case 'variable':
      return [`$${node.name}`];
    case 'map':
      return [node.name];
    case 'map-declaration':
      return [`${node.mapType}(${node.maxEntries})`];
    case 'assignment':
    case 'unary':
    case 'binary':
      return [node.operator];
    case 'increment':
      return [node.prefix ? `${node.operator}x` : `x${node.operator}`];
    case 'jump':
      return [node.jump];
    case 'integer':
      return [`${node.value}${node.suffix ?? ''}`];
    case 'boolean':
      return [String(node.value)];
    case 'string':
      return [JSON.stringify(node.value)];
    case 'positional':
      return [`$${node.index}`];
    case 'field':
      return [`${node.arrow ? '->' : '.'}${node.field}`];
    case 'tuple-access':
      return [`.${node.index}`];
    case 'call':
      return [node.callee];
    case 'record':
      return [node.fields.map((field) => field.name).join(',')];
    case 'if':
      return node.comptime ? ['comptime'] : [];
    case 'offsetof':
      return [node.path.join('.')];
    case 'type-name':
      return typeDetails(node);
    default:
      return [];
  }
}

function configValue(value: string | bigint | boolean): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function typeDetails(node: Extract<AnyNode, { kind: 'type-name' }>): readonly string[] {
  const base = typeof node.base === 'string' ? [node.base] : [];
  const suffixes = node.derivations.map((derivation) =>
    derivation.kind === 'pointer' ? '*' : `[${derivation.size ?? ''}]`,
  );
  return [...(node.tag === undefined ? [] : [node.tag]), [...base, ...suffixes].join('')].filter(
    (word) => word !== '',
  );
}

/** The children of a node, with their part in it where their order does not tell it. */
function roles(node: AnyNode): readonly (readonly [string | undefined, AnyNode])[] {
  switch (node.kind) {
    case 'probe':
      return [
        ...node.attachPoints.map((point) => [undefined, point] as const),
        ...(node.predicate === undefined ? [] : [['predicate', node.predicate] as const]),
        [undefined, node.block],
      ];
    case 'block':
      return [
        ...node.statements.map((statement) => [undefined, statement] as const),
        ...(node.value === undefined ? [] : [['value', node.value] as const]),
      ];
    case 'ternary':
      return [
        [undefined, node.condition],
        ...(node.then === undefined ? [] : [['then', node.then] as const]),
        ['else', node.otherwise],
      ];
    case 'if':
      return [
        [undefined, node.condition],
        ['then', node.then],
        ...(node.otherwise === undefined ? [] : [['else', node.otherwise] as const]),
      ];
    default:
      return children(node).map((child) => [undefined, child]);
  }
}
