/** Function and line records of a program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as asm from '../../src/asm/index.ts';
import type { Instruction } from '../../src/asm/index.ts';
import { Btf, programBtf } from '../../src/btf/index.ts';
import type { ProgramBtf } from '../../src/btf/index.ts';

const { R0, R1 } = asm;

const line = (number: number, column = 1): asm.SourceLine => ({
  file: 'demo.bt',
  line: number,
  column,
  text: `line ${number}`,
});

function encode(name: string, instructions: readonly Instruction[]): ProgramBtf {
  return programBtf(name, instructions, asm.assemble(instructions, asm.UNRESOLVED).offsets);
}

function functions({ btf, funcInfo }: ProgramBtf): [number, string][] {
  const types = new Btf(btf);
  const words = new Uint32Array(funcInfo.buffer);
  return Array.from({ length: words.length / 2 }, (_, index) => {
    const type = types.typeById(words[index * 2 + 1] ?? 0);
    assert.equal(type.kind, 'func');
    return [words[index * 2] ?? -1, type.kind === 'func' ? type.name : ''];
  });
}

function lines({ btf, lineInfo }: ProgramBtf): string[] {
  const types = new Btf(btf);
  const words = new Uint32Array(lineInfo.buffer);
  return Array.from({ length: words.length / 4 }, (_, index) => {
    const [slot = 0, file = 0, text = 0, place = 0] = words.subarray(index * 4);
    return `${slot} ${types.stringAt(file)}:${place >>> 10}:${place & 1023} ${types.stringAt(text)}`;
  });
}

test('sub-functions are the labels that calls and function loads name, jumps make none', () => {
  const program = encode('probe 1/x', [
    asm.loadFunction(R1, 'each'),
    asm.callLocal('twice'),
    asm.ja('end'),
    asm.labelled('end', asm.exit()),
    asm.labelled('each', asm.exit()),
    asm.labelled('twice', asm.exit()),
  ]);
  assert.deepEqual(functions(program), [
    [0, 'probe_1_x'],
    [5, 'each'],
    [6, 'twice'],
  ]);
});

test('a record is made where the line changes, counted in slots', () => {
  const program = encode('demo', [
    asm.sourced(line(1), asm.ldImm64(R1, 1n)),
    asm.sourced(line(1), asm.mov.imm(R0, 0)),
    asm.sourced(line(1, 7), asm.mov.imm(R0, 1)),
    asm.mov.imm(R0, 2),
    asm.sourced(line(2, 5000), asm.exit()),
  ]);
  assert.deepEqual(lines(program), [
    '0 demo.bt:1:1 line 1',
    '3 demo.bt:1:7 line 1',
    '5 demo.bt:2:1023 line 2',
  ]);
});

test('every function begins with a record, borrowed if it has none of its own', () => {
  const program = encode('demo', [
    asm.mov.imm(R0, 0),
    asm.sourced(line(3), asm.callLocal('f')),
    asm.exit(),
    asm.labelled('f', asm.exit()),
  ]);
  assert.deepEqual(lines(program), ['0 demo.bt:3:1 line 3', '3 demo.bt:3:1 line 3']);
});

test('a program without sources has no line records', () => {
  assert.equal(encode('demo', [asm.exit()]).lineInfo.length, 0);
});

test('a name that is no C identifier is made one', () => {
  assert.deepEqual(functions(encode('9lives', [asm.exit()])), [[0, '_9lives']]);
  assert.deepEqual(functions(encode('', [asm.exit()])), [[0, '_']]);
});
