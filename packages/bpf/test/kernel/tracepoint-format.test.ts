import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fieldDeclarations,
  parseTracepointFormat,
  type TracepointField,
} from '../../src/kernel/tracepoint-format.ts';

const FORMAT = `name: example
ID: 312
format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;

	field:char prev_comm[16];	offset:8;	size:16;	signed:0;
	field:const char * filename;	offset:24;	size:8;	signed:0;

print fmt: "x=%d; field:int y;	offset:1;", REC->x
`;

function field(line: string): TracepointField | undefined {
  return parseTracepointFormat(`ID: 1\nformat:\n\t${line}\n`).fields[0];
}

test('reads the id and the fields in order, and none from the print format', () => {
  const { id, fields } = parseTracepointFormat(FORMAT);
  assert.equal(id, 312);
  assert.deepEqual(
    fields.map(({ name, offset }) => [name, offset]),
    [
      ['common_type', 0],
      ['prev_comm', 8],
      ['filename', 24],
    ],
  );
});

test('declarations are of the fields that the event has of its own', () => {
  assert.deepEqual(fieldDeclarations(FORMAT), ['char prev_comm[16]', 'const char * filename']);
  assert.deepEqual(fieldDeclarations(''), []);
});

for (const [line, want] of [
  [
    'field:pid_t prev_pid;	offset:24;	size:4;	signed:1;',
    { name: 'prev_pid', cType: 'pid_t', offset: 24, size: 4, signed: true },
  ],
  [
    'field:unsigned long args[6];	offset:16;	size:48;	signed:0;',
    { name: 'args', cType: 'unsigned long', arrayLength: 6, offset: 16, size: 48, signed: false },
  ],
  [
    'field:char comm[TASK_COMM_LEN];	offset:8;	size:16;	signed:1;',
    { name: 'comm', cType: 'char', arrayLength: 16, offset: 8, size: 16, signed: true },
  ],
  [
    'field:__u32 saddr[ADDR_WORDS];	offset:8;	size:16;	signed:0;',
    { name: 'saddr', cType: '__u32', arrayLength: 4, offset: 8, size: 16, signed: false },
  ],
  [
    'field:const char *const * argv;	offset:24;	size:8;	signed:0;',
    { name: 'argv', cType: 'const char *const *', offset: 24, size: 8, signed: false },
  ],
  [
    'field:struct page *page;	offset:8;	size:8;	signed:0;',
    { name: 'page', cType: 'struct page *', offset: 8, size: 8, signed: false },
  ],
  [
    'field:__data_loc char[] name;	offset:8;	size:4;	signed:0;',
    {
      name: 'name',
      cType: '__data_loc char[]',
      dynamic: 'data_loc',
      offset: 8,
      size: 4,
      signed: false,
    },
  ],
  [
    'field:__rel_loc u8[] bytes;	offset:12;	size:4;	signed:0;',
    {
      name: 'bytes',
      cType: '__rel_loc u8[]',
      dynamic: 'rel_loc',
      offset: 12,
      size: 4,
      signed: false,
    },
  ],
] as const) {
  test(`reads ${line.split(';')[0]}`, () => {
    assert.deepEqual(field(line), want);
  });
}

test('rejects text that is no format file', () => {
  assert.throws(() => parseTracepointFormat(''), /^Error: parse tracepoint format: no ID line$/);
});
