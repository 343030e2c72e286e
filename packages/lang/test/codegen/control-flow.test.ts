import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlFlow } from '../../src/codegen/control-flow.ts';
import { IrBuilder } from '../../src/codegen/ir-builder.ts';
import type { IrProgram } from '../../src/codegen/ir.ts';

function built(write: (b: IrBuilder) => void): IrProgram {
  const b = new IrBuilder();
  return b.finish(() => {
    write(b);
  });
}

test('blocks begin at labels and end at jumps', () => {
  const program = built((b) => {
    b.branch('eq', b.context, 0n, 'end');
    b.store(8, { kind: 'register', register: b.context, offset: 0 }, 1n);
    b.place('end');
    b.return(0n);
  });
  const blocks = controlFlow(program);
  assert.deepEqual(
    blocks.map(({ successors }) => successors),
    [[1, 2], [2], []],
  );
});

test('what nothing reaches is left out', () => {
  const program = built((b) => {
    b.jump('end');
    b.store(8, { kind: 'register', register: b.context, offset: 0 }, 1n);
    b.place('end');
    b.return(0n);
  });
  const kinds = controlFlow(program)
    .flatMap(({ instructions }) => instructions)
    .map(({ operation }) => operation.kind);
  assert.deepEqual(kinds, ['entry', 'jump', 'label', 'return']);
});

test('a jump to a jump goes where that leads', () => {
  const program = built((b) => {
    b.branch('eq', b.context, 0n, 'first');
    b.return(1n);
    b.place('first');
    b.jump('second');
    b.place('second');
    b.return(0n);
  });
  const blocks = controlFlow(program);
  const targets = blocks
    .flatMap(({ instructions }) => instructions)
    .flatMap(({ operation }) => (operation.kind === 'branch' ? [operation.target] : []));
  assert.deepEqual(targets, ['second']);
  assert.equal(blocks.length, 3);
});

test('a program that runs past its end is a bug of the compiler', () => {
  assert.throws(() => controlFlow(built((b) => b.copy(1n))), /runs past its end/);
});
