/** Members, elements, offsets and casts of C types, for a kernel with a few of them. */
import { suite, test } from 'node:test';
import assert from 'node:assert/strict';
import { withTypes } from '../targets/types.ts';
import { analysed, assertDiagnosed, mapsOf, variablesOf } from './analysed.ts';

const setup = { target: withTypes };

suite('C types', () => {
  test('of members, through pointers, unions and anonymous structs', () => {
    const checked = analysed(
      `BEGIN {
        $a = curtask.pid; $b = curtask->policy; $c = curtask.comm; $d = curtask.real_parent;
        $e = curtask.real_parent.group_leader.pid; $f = curtask.load; $g = curtask.load.parts[1];
        $h = curtask.load.parts[1][2]; $i = curtask.state; $j = curtask.b; $k = curtask.opaque;
        $l = curtask.exit; $m = curtask.named.inner; $n = *curtask; $o = curtask.tail[7];
        $p = curtask[3]; $q = (*curtask.real_parent).a;
      }`,
      setup,
    );
    assert.deepEqual(variablesOf(checked), [
      '$a: int32',
      '$b: uint32',
      '$c: string[16]',
      '$d: struct task_struct *',
      '$e: int32',
      '$f: struct load',
      '$g: int32[3]',
      '$h: int32',
      '$i: enum state',
      '$j: int16',
      '$k: struct opaque *',
      '$l: void *',
      '$m: int32',
      '$n: struct task_struct',
      '$o: int32',
      '$p: struct task_struct',
      '$q: int32',
    ]);
  });

  test('in maps, keys, tuples and casts', () => {
    const checked = analysed(
      `BEGIN {
        @s = curtask.load; @k[curtask.load.parts] = 1; @t = (1, *curtask); @e = STOPPED;
        @p = (struct load *)1; @n = (task_t *)1; @u = (uint8[])"ab"; @i = (int8[8])1; @g = (enum state)4;
      }`,
      setup,
    );
    assert.deepEqual(mapsOf(checked), [
      '@s = struct load',
      '@k[int32[3][2]] = int64',
      '@t = (int8,struct task_struct)',
      '@e = enum state',
      '@p = struct load * on its host',
      '@n = struct task_struct * on its host',
      '@u = uint8[3]',
      '@i = int8[8]',
      '@g = enum state',
    ]);
  });

  test('that do not have what is asked of them', () => {
    assertDiagnosed(
      `
BEGIN { print(curtask.pidd); print(curtask.pid.x); print(curtask.opaque.x); }
                      ~~~~ Struct/union of type 'struct task_struct' does not contain a field named 'pidd'
                                   ~~~~~~~~~~~~~ Can not access field 'x' on expression of type 'int32'
                                                         ~~~~~~~~~~~~~~~~ Unknown struct/union: 'struct opaque'
`,
      setup,
    );
  });

  test('that are not known', () => {
    assertDiagnosed(
      `
BEGIN { print((struct none *)0); print(sizeof(union none)); print((enum none)0); print(NONE); }
               ~~~~~~~~~~~~~ Cannot resolve unknown type "struct none"
                                              ~~~~~~~~~~ Cannot resolve unknown type "union none"
                                                                   ~~~~~~~~~ Cannot resolve unknown type "enum none"
                                                                                       ~~~~ Unknown identifier: 'NONE'
`,
      setup,
    );
  });

  test('indexed beyond their end, by what is no index, or without a size', () => {
    assertDiagnosed(
      `
BEGIN { print(curtask.load.parts[2]); print(comm[pid - 1]); print(comm["a"]); print(((void *)1)[0]); }
              ~~~~~~~~~~~~~~~~~~~~~ the index 2 is out of bounds for array of size 2
                                            ~~~~~~~~~~~~~ The array index operator [] only accepts non-negative integer indices. Got: int64
                                                                  ~~~~~~~~~ The array index operator [] only accepts non-negative integer indices. Got: string[2]
                                                                                     ~~~~~~~~~~~~~ The array index operator [] cannot be used on a pointer to an unsized type (void *).
`,
      setup,
    );
  });

  test('cast to what they can not be', () => {
    assertDiagnosed(
      `
BEGIN { print((int32)*curtask); print((enum state)3); print((int32)curtask.load.parts[0]); }
              ~~~~~~~ Cannot cast from C type "struct task_struct"
                                      ~~~~~~~~~~~~ Enum: state doesn't contain a variant value of 3
                                                            ~~~~~~~ Cannot cast from "int32[3]" to "int32"
`,
      setup,
    );
  });

  test('that can not be compared', () => {
    assertDiagnosed(
      `
BEGIN { if (curtask.load.parts[0] < curtask.load.parts[1]) { } print((int8[8])1 == (int8[4])(int32)1); }
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The < operator cannot be used on arrays.
                                                                     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Only arrays of same size support comparison operators.
                                                                     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Only arrays of same sized integer support comparison operators.
`,
      setup,
    );
  });

  test('without such a member', () => {
    assertDiagnosed(
      `
BEGIN { print(offsetof(struct load, x)); print(offsetof(int32, x)); print(offsetof(*curtask, load.y)); }
              ~~~~~~~~~~~~~~~~~~~~~~~~ 'struct load' has no field named 'x'
                                               ~~~~~~~~~~~~~~~~~~ 'int32' is not a C type.
                                                                          ~~~~~~~~~~~~~~~~~~~~~~~~~~ 'struct load' has no field named 'y'
`,
      setup,
    );
  });

  test('have sizes and offsets that are known ahead', () => {
    const checked = analysed(
      `BEGIN {
        @[offsetof(struct task_struct, load.parts)] = sizeof(struct load);
        @[offsetof(*curtask, named.inner)] = sizeof(task_t);
      }`,
      setup,
    );
    const [probe] = checked.probes;
    const values = probe?.body.statements.flatMap((statement) => {
      if (statement.kind !== 'assignment' || statement.target.kind !== 'map') return [];
      return [statement.target.key, statement.value].map((node) =>
        node?.kind === 'cast' && node.operand.kind === 'integer' ? node.operand.value : undefined,
      );
    });
    assert.deepEqual(values, [48n, 32n, 96n, 104n]);
  });

  test('of addresses with their memory', () => {
    const checked = analysed(
      'kprobe:vfs_read { $u = uptr(curtask); $k = kptr(arg0); $i = ctx; }',
      setup,
    );
    const types = checked.probes[0]?.variables;
    const spaces = ['u', 'k'].map((name) => {
      const type = types?.get(name);
      return type !== undefined && 'space' in type ? type.space : undefined;
    });
    assert.deepEqual(spaces, ['user', 'kernel']);
    assert.deepEqual(variablesOf(checked), [
      '$u: struct task_struct *',
      '$k: uint64',
      '$i: void *',
    ]);
  });

  test('of contexts that have none', () => {
    assertDiagnosed(
      `
BEGIN { print(ctx); } tracepoint:sched:sched_switch { print(ctx); print(kptr("a")); print(percpu_kaddr("none")); print(uaddr("x")); }
              ~~~ The ctx builtin can not be used with 'begin' probes
                                                            ~~~ Use args instead of ctx in tracepoint
                                                                        ~~~~~~~~~ kptr() only supports integer or pointer arguments (string[2] provided)
                                                                                          ~~~~~~~~~~~~~~~~~~~~ Could not resolve variable "none" from BTF
                                                                                                                       ~~~~~~~~~~ uaddr can not be used with "tracepoint" probes
`,
      setup,
    );
  });
});
