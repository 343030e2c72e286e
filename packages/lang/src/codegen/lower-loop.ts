/** Loops: over maps and ranges as callbacks of the kernel's, over short ranges and conditions as jumps. */
import type { Block, For, MapReference, Range, Statement, Unroll, While } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { invariant } from '@bpfleet/bpf/asm';
import { isCallbackLoop, MAX_LOOP_TURNS } from './callback-loops.ts';
import { refuse } from './codegen-fault.ts';
import { callWithCallback } from './lower-callback.ts';
import { branchIf } from './lower-condition.ts';
import { sendHelperError, sendRuntimeError } from './lower-faults.ts';
import { mapArgument } from './lower-map.ts';
import { setVariable } from './lower-variable.ts';
import type { Lowering } from './lowering.ts';
import { at, inScope, pointing, zeroBytes } from './memory.ts';
import { readAggregation } from './read-aggregation.ts';
import { hasPadding, isAggregation } from './type-traits.ts';
import { writeValue } from './write-value.ts';

export function lowerFor(l: Lowering, statement: For): void {
  const { iterable } = statement;
  inScope(l, () => {
    if (iterable.kind === 'map') overMap(l, statement, iterable);
    else if (isCallbackLoop(statement, l.program.target.features)) {
      overRange(l, statement, iterable);
    } else overShortRange(l, statement, iterable);
  });
}

/** The body sees each element as it is when its turn comes. */
function overMap(l: Lowering, { variable, body, span }: For, map: MapReference): void {
  if (!l.program.target.features.forEachMapElem)
    refuse(span, 'a loop over a map before Linux 5.13');
  const layout = l.session.map(map.name);
  const { key: keyType, value: valueType } = layout.plan;
  invariant(keyType !== undefined, `lower: ${map.name} has no keys`);
  callWithCallback(
    l,
    'each_element',
    {
      arguments: 4,
      code: [variable, body],
      write: (inner, given) => {
        const [, keyPointer = 0, valuePointer = 0] = given;
        const home = inner.variables.get(variable.name);
        const type = home?.type;
        invariant(home?.kind === 'memory', 'lower: a pair of key and value is in memory');
        invariant(type?.kind === 'tuple', 'lower: a pair of key and value is a tuple');
        const [keyField, valueField] = type.fields;
        invariant(
          keyField !== undefined && valueField !== undefined,
          'lower: a pair has two parts',
        );
        if (hasPadding(type)) zeroBytes(inner, home.address, sizeOfType(type));
        const key = at(home.address, keyField.offset);
        const value = at(home.address, valueField.offset);
        const keyValue = { kind: 'memory', address: pointing(keyPointer) } as const;
        writeValue(inner, keyValue, keyType, key, keyField.type);
        if (isAggregation(valueType)) {
          const read = readAggregation(inner, layout, valueType, key, span);
          inner.b.store(8, value, read);
        } else {
          const element = { kind: 'memory', address: pointing(valuePointer) } as const;
          writeValue(inner, element, valueType, value, valueField.type);
        }
        inner.statement(body);
      },
    },
    (callback, shared) => l.b.call('for_each_map_elem', mapArgument(layout), callback, shared, 0n),
  );
}

/** The bounds are evaluated once; `bpf_loop` counts from 0. */
function overRange(l: Lowering, { variable, body, span }: For, range: Range): void {
  const start = l.scratch.take(8);
  const offset = start.kind === 'register' ? start.offset : 0;
  const from = l.b.copy(l.scalar(range.from));
  const to = l.b.copy(l.scalar(range.to));
  const done = l.b.label('endfor');
  l.b.store(8, start, from);
  l.b.branch('sge', from, to, done);
  const turns = l.b.arithmetic('sub', to, from);
  const result = callWithCallback(
    l,
    'each_number',
    {
      arguments: 2,
      code: [variable, body],
      write: (inner, [turn = 0]) => {
        const number = inner.b.arithmetic('add', inner.b.load(8, inner.scratch.at(offset)), turn);
        setVariable(inner, variable.name, number);
        inner.statement(body);
      },
    },
    (callback, shared) => l.b.call('loop', turns, callback, shared, 0n),
  );
  const failed = l.b.label('too_many_turns');
  if (!hasFewTurns(range)) {
    l.b.branch('slt', result, 0n, failed);
    l.b.cold(() => {
      l.b.place(failed);
      sendHelperError(l, 'loop', result, span);
      l.b.jump(done);
    });
  }
  l.b.place(done);
}

function hasFewTurns({ from, to }: Range): boolean {
  if (from.kind !== 'integer' || to.kind !== 'integer') return false;
  return to.value - from.value <= MAX_LOOP_TURNS;
}

function overShortRange(l: Lowering, { variable, body }: For, { from, to }: Range): void {
  const index = l.b.copy(l.scalar(from));
  const end = l.b.copy(l.scalar(to));
  const again = l.b.label('for');
  const next = l.b.label('next');
  const done = l.b.label('endfor');
  l.b.place(again);
  l.b.branch('sge', index, end, done);
  setVariable(l, variable.name, index);
  inLoop(l, body, done, next);
  l.b.place(next);
  l.b.apply('add', index, 1n);
  l.b.jump(again);
  l.b.place(done);
}

export function lowerWhile(l: Lowering, statement: While): void {
  if (isCallbackLoop(statement, l.program.target.features)) {
    inScope(l, () => {
      repeatedly(l, statement);
    });
    return;
  }
  const again = l.b.label('while');
  const done = l.b.label('endwhile');
  l.b.place(again);
  inScope(l, () => {
    branchIf(l, statement.condition, false, done);
  });
  inLoop(l, statement.body, done, again);
  l.b.jump(again);
  l.b.place(done);
}

/** As many turns as `bpf_loop` knows, unless the condition ends them. */
function repeatedly(l: Lowering, { condition, body, span }: While): void {
  const turns = callWithCallback(
    l,
    'each_turn',
    {
      arguments: 2,
      code: [condition, body],
      write: (inner) => {
        inScope(inner, () => {
          branchIf(inner, condition, false, inner.loops.at(-1)?.breakTo ?? inner.exit);
        });
        inner.statement(body);
      },
    },
    (callback, shared) => l.b.call('loop', MAX_LOOP_TURNS, callback, shared, 0n),
  );
  const [stopped, done] = [l.b.label('stopped'), l.b.label('endwhile')];
  l.b.branch('eq', turns, MAX_LOOP_TURNS, stopped);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(stopped);
    sendRuntimeError(l, `the loop was stopped after ${MAX_LOOP_TURNS} turns`, span);
    l.b.jump(done);
  });
}

export function lowerUnroll(l: Lowering, unroll: Unroll): void {
  const { count, body, span } = unroll;
  if (count.kind !== 'integer') refuse(span, 'unroll with a variable count');
  if (isCallbackLoop(unroll, l.program.target.features)) {
    inScope(l, () => {
      times(l, count.value, body);
    });
    return;
  }
  for (let turn = 0n; turn < count.value; turn++) l.statement(body);
}

function times(l: Lowering, count: bigint, body: Block): void {
  callWithCallback(
    l,
    'each_turn',
    {
      arguments: 2,
      code: [body],
      write: (inner) => {
        inner.statement(body);
      },
    },
    (callback, shared) => l.b.call('loop', count, callback, shared, 0n),
  );
}

function inLoop(l: Lowering, body: Statement, breakTo: string, continueTo: string): void {
  l.loops.push({ breakTo, continueTo });
  l.statement(body);
  l.loops.pop();
}
