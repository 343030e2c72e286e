/** The intermediate representation as text, for `-d ir` and golden files. */
import type { Address, CallArgument, IrFunction, IrOperation, IrProgram, Operand } from './ir.ts';

const symbols = {
  add: '+=',
  sub: '-=',
  mul: '*=',
  div: '/=',
  mod: '%=',
  sdiv: 's/=',
  smod: 's%=',
  and: '&=',
  or: '|=',
  xor: '^=',
  lsh: '<<=',
  rsh: '>>=',
  arsh: 's>>=',
  mov: '=',
} as const;

const comparisons = {
  eq: '==',
  ne: '!=',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
  sgt: 's>',
  sge: 's>=',
  slt: 's<',
  sle: 's<=',
  set: '&',
} as const;

/** One operation a line; a line of the source stands before what came of it. Functions follow the main program. */
export function printIr(program: IrProgram): string {
  const functions = [...program.functions].map(
    ([name, written]) => `\nfunction ${name}\n${printFunction(written)}`,
  );
  return [printFunction(program), ...functions].join('');
}

function printFunction(program: IrFunction): string {
  const lines: string[] = [];
  let shown = '';
  for (const { operation, source } of program.instructions) {
    const text = source === undefined ? '' : `${source.line}: ${source.text.trim()}`;
    if (text !== shown && text !== '' && operation.kind !== 'label') {
      lines.push(`; ${text}`);
      shown = text;
    }
    lines.push(
      operation.kind === 'label' ? `${operation.name}:` : `  ${printOperation(operation)}`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function printOperation(operation: IrOperation): string {
  switch (operation.kind) {
    case 'entry':
      return `v${operation.dst} = ${operation.argument === 0 ? 'context' : `argument ${operation.argument}`}`;
    case 'move':
      return `v${operation.dst} = ${operand(operation.src)}`;
    case 'arithmetic': {
      const register = operation.width === 32 ? 'w' : 'v';
      const symbol = symbols[operation.operator];
      return `${register}${operation.dst} ${symbol} ${operand(operation.src, register)}`;
    }
    case 'swap':
      return `v${operation.dst} = bswap${operation.bits}(v${operation.dst})`;
    case 'load':
      return `v${operation.dst} = ${memory(operation.size, operation.address)}`;
    case 'store':
      return `${memory(operation.size, operation.address)} = ${operand(operation.value)}`;
    case 'atomic': {
      const change = `${operation.operation} ${memory(operation.size, operation.address)}, v${operation.value}`;
      return operation.fetch ? `v${operation.value} = fetch ${change}` : `lock ${change}`;
    }
    case 'address-of':
      return `v${operation.dst} = ${address(operation.address)}`;
    case 'map-value':
      return `v${operation.dst} = ${operation.map}[0]+${operation.offset}`;
    case 'map-pointer':
      return `v${operation.dst} = ${operation.map}`;
    case 'call': {
      const result = operation.result === undefined ? '' : `v${operation.result} = `;
      return `${result}${printCallee(operation.callee)}(${operation.arguments.map(argument).join(', ')})`;
    }
    case 'label':
      return `${operation.name}:`;
    case 'jump':
      return `goto ${operation.target}`;
    case 'branch': {
      const { comparison, left, right, target } = operation;
      return `if v${left} ${comparisons[comparison]} ${operand(right)} goto ${target}`;
    }
    case 'return':
      return `return ${operand(operation.value)}`;
  }
}

function printCallee(callee: Extract<IrOperation, { kind: 'call' }>['callee']): string {
  if (typeof callee === 'string') return callee;
  return 'kfunc' in callee ? `kernel function ${callee.kfunc}` : `function ${callee.function}`;
}

function operand(value: Operand, register = 'v'): string {
  return typeof value === 'number' ? `${register}${value}` : `${value}`;
}

function address(place: Address): string {
  const base = place.kind === 'slot' ? `slot${place.slot}` : `v${place.register}`;
  const { offset } = place;
  return offset === 0 ? base : `${base}${offset < 0 ? '-' : '+'}${Math.abs(offset)}`;
}

function memory(size: number, place: Address): string {
  return `u${size * 8}[${address(place)}]`;
}

function argument(value: CallArgument): string {
  if (typeof value !== 'object') return operand(value);
  switch (value.kind) {
    case 'register':
    case 'slot':
      return `&${address(value)}`;
    case 'map':
      return value.map;
    case 'map-value':
      return `&${value.map}[0]+${value.offset}`;
    case 'function':
      return `function ${value.function}`;
    case 'spilled':
      return `u64[slot${value.slot}]`;
  }
}
