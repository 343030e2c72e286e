/** A small blob with one of everything, in the image of kernel types. */
import { Btf, BtfBuilder } from '../../src/btf/index.ts';
import type { BtfMember, TypeId } from '../../src/btf/index.ts';

export function member(name: string, type: TypeId, bitOffset: number, bitSize = 0): BtfMember {
  return { name, type, bitOffset, bitSize };
}

export function tinyBtf(): Btf {
  return new Btf(tinyBlob());
}

/**
 * ```
 * typedef unsigned long size_t;
 * struct list { struct list *next; };
 * struct task {
 *     int pid; unsigned int on_cpu: 1; unsigned int in_iowait: 3;
 *     union { unsigned long flags; struct { char comm[16]; } };
 *     struct list list; const char *name; int (*wake)(struct task *, ...);
 * };
 * enum state { RUNNING = 0, ZOMBIE = -1 };
 * size_t read_task(struct task *task, char *buf);
 * ```
 */
export function tinyBlob(): Uint8Array {
  const btf = new BtfBuilder();
  const int = btf.int('int', 4, true);
  const unsigned = btf.int('unsigned int', 4, false);
  const long = btf.int('unsigned long', 8, false);
  const char = btf.int('char', 1, true, 'char');
  const size = btf.typedef('size_t', long);
  const comm = btf.array(char, int, 16);
  // Types that refer to later ones name them by the id they will get.
  const list = btf.struct('list', 8, [member('next', comm + 2, 0)]);
  btf.pointer(list);
  const inner = btf.struct('', 16, [member('comm', comm, 0)]);
  const either = btf.union('', 16, [member('flags', long, 0), member('', inner, 0)]);
  const constChar = btf.const(char);
  const name = btf.pointer(constChar);
  const task = name + 1;
  const taskPointer = name + 2;
  btf.struct('task', 48, [
    member('pid', int, 0),
    member('on_cpu', unsigned, 32, 1),
    member('in_iowait', unsigned, 33, 3),
    member('', either, 64),
    member('list', list, 192),
    member('name', name, 256),
    member('wake', taskPointer + 2, 320),
  ]);
  btf.pointer(task);
  const wake = btf.funcProto(int, [{ name: '', type: taskPointer }], true);
  btf.pointer(wake);
  btf.enum('state', [
    { name: 'RUNNING', value: 0 },
    { name: 'ZOMBIE', value: -1 },
  ]);
  const buffer = btf.pointer(char);
  const prototype = btf.funcProto(size, [
    { name: 'task', type: taskPointer },
    { name: 'buf', type: buffer },
  ]);
  btf.func('read_task', prototype, 'global');
  return btf.bytes();
}
