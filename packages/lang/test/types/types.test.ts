/** Types: their names, sizes, what holds two of them, and what the kernel's C names come to. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { layered } from '../../src/types/c-types.ts';
import { argumentType, tracepointStruct } from '../../src/types/from-c.ts';
import { record, sizeOfType, tuple } from '../../src/types/layout.ts';
import { printType } from '../../src/types/print-type.ts';
import { promote, promoteFlexible } from '../../src/types/promote.ts';
import {
  BOOLEAN,
  INT16,
  INT32,
  INT64,
  INT8,
  integerLiteralType,
  pointer,
  string,
  UINT32,
  UINT64,
  UINT8,
} from '../../src/types/scalars.ts';
import { toValueType } from '../../src/types/to-value-type.ts';
import type { Type } from '../../src/types/type.ts';
import { lockedDown } from '../targets/targets.ts';

suite('printType', () => {
  for (const [type, name] of [
    [INT64, 'int64'],
    [UINT8, 'uint8'],
    [string(16), 'string[16]'],
    [
      pointer(
        { kind: 'struct', struct: { name: 'struct x', size: 0, fields: [] }, space: 'kernel' },
        'kernel',
      ),
      'struct x *',
    ],
    [tuple([INT64, string(4)]), '(int64,string[4])'],
    [record([{ name: 'a', type: INT8 }]), 'record { .a = int8 }'],
    [{ kind: 'array', element: INT32, length: 4, space: 'kernel' }, 'int32[4]'],
    [{ kind: 'sum', signed: false }, 'usum_t'],
    [{ kind: 'max', signed: true }, 'max_t'],
    [{ kind: 'hist', bits: 2 }, 'hist_t'],
    [{ kind: 'mac' }, 'mac_address'],
  ] as readonly (readonly [Type, string])[]) {
    test(`gives ${name}`, () => assert.equal(printType(type), name));
  }
});

suite('promote', () => {
  for (const [a, b, result] of [
    [INT8, INT32, INT32],
    [UINT32, INT64, INT64],
    [UINT32, INT8, INT64],
    [UINT8, INT8, INT16],
    [UINT64, INT64, INT64],
    [string(4), string(16), string(16)],
    [tuple([INT8, string(2)]), tuple([INT64, string(9)]), tuple([INT64, string(9)])],
    [INT64, string(4), undefined],
    [tuple([INT8]), tuple([INT8, INT8]), undefined],
    [pointer(INT8, 'user'), pointer(INT8, 'user'), pointer(INT8, 'user')],
    [BOOLEAN, INT64, undefined],
  ] as readonly (readonly [Type, Type, Type | undefined])[]) {
    test(`of ${printType(a)} and ${printType(b)} is ${result === undefined ? 'nothing' : printType(result)}`, () => {
      assert.deepEqual(promote(a, b), result);
      assert.deepEqual(promote(b, a), result);
    });
  }

  test('lets a literal take the sign of the other', () => {
    assert.deepEqual(promoteFlexible({ type: INT8, signFlexible: true }, { type: UINT64 }), UINT64);
    assert.deepEqual(promoteFlexible({ type: INT16, signFlexible: true }, { type: UINT8 }), {
      kind: 'integer',
      size: 2,
      signed: false,
    });
  });
});

suite('layout', () => {
  test('places members as C does', () => {
    const { fields, size, align } = tuple([INT8, INT64, string(3), INT16]);
    assert.deepEqual(
      fields.map(({ offset }) => offset),
      [0, 8, 16, 20],
    );
    assert.deepEqual([size, align], [24, 8]);
  });

  test('knows the sizes that travel', () => {
    const types: readonly Type[] = [
      BOOLEAN,
      string(16),
      { kind: 'ustack', mode: 'perf', limit: 3 },
      { kind: 'ksym' },
      { kind: 'usym' },
      { kind: 'buffer', size: 10 },
      { kind: 'inet' },
      { kind: 'array', element: INT32, length: 4, space: 'user' },
    ];
    assert.deepEqual(types.map(sizeOfType), [1, 16, 16, 8, 16, 14, 20, 16]);
  });

  test('is what receivers decode by', () => {
    assert.deepEqual(toValueType(tuple([INT8, UINT32])), {
      kind: 'tuple',
      size: 8,
      fields: [
        { name: '0', offset: 0, type: INT8 },
        { name: '1', offset: 4, type: UINT32 },
      ],
    });
  });
});

suite('literals', () => {
  for (const [value, type] of [
    [0n, INT8],
    [127n, INT8],
    [128n, INT16],
    [-128n, INT8],
    [-129n, INT16],
    [1n << 31n, INT64],
    [(1n << 63n) - 1n, INT64],
    [1n << 63n, UINT64],
  ] as const) {
    test(`${value} is ${printType(type)}`, () => assert.deepEqual(integerLiteralType(value), type));
  }
});

suite('types of the kernel', () => {
  const fields = (name: string): ReadonlyMap<string, string> => {
    const expansion = lockedDown.probes[name];
    assert.ok(expansion?.kind === 'found');
    const [probe] = expansion.probes;
    assert.ok(probe?.kind === 'tracepoint');
    const struct = tracepointStruct(probe.category, probe.event, probe.fields, layered([]));
    return new Map(
      struct.fields.map(({ name, type }) => [
        name,
        `${printType(type)}${'space' in type ? ` ${type.space}` : ''}`,
      ]),
    );
  };

  test('of system call arguments point to user space', () => {
    const openat = fields('tracepoint:syscalls:sys_enter_openat');
    assert.equal(openat.get('filename'), 'int8 * user');
    assert.equal(openat.get('dfd'), 'uint64');
    assert.equal(openat.has('common_pid'), false);
  });

  test('of other tracepoints are numbers, text and kernel pointers', () => {
    const sched = fields('tracepoint:sched:sched_switch');
    assert.equal(sched.get('prev_comm'), 'string[16]');
    assert.equal(sched.get('prev_pid'), 'int32');
    assert.equal(fields('tracepoint:sched:sched_process_exec').get('filename'), 'int8 * kernel');
    assert.equal(fields('tracepoint:raw_syscalls:sys_enter').get('args'), 'uint64[6] kernel');
    assert.equal(fields('tracepoint:raw_syscalls:sys_exit').get('ret'), 'int64');
    assert.equal(fields('tracepoint:block:block_rq_complete').get('nr_sector'), 'uint32');
  });

  for (const [cType, size, signed, isPointer, name] of [
    ['struct file *', 8, false, true, 'struct file *'],
    ['const char *', 8, false, true, 'int8 *'],
    ['char **', 8, false, true, 'int8 * *'],
    ['void *', 8, false, true, 'void *'],
    ['u32 *', 8, false, true, 'uint32 *'],
    ['size_t', 8, false, false, 'uint64'],
    ['bool', 1, false, false, 'bool'],
    ['umode_t', 2, false, false, 'uint16'],
    ['pid_t', 4, true, false, 'int32'],
  ] as const) {
    test(`${cType} is ${name}`, () => {
      const argument = { name: 'x', cType, size, signed, pointer: isPointer };
      const type = argumentType(argument, layered([]));
      assert.equal(printType(type), name);
    });
  }
});
