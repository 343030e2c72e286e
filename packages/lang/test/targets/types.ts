/** A target whose kernel has a few types: BTF as small as a test can read. */
import { BtfBuilder } from '@bpfleet/bpf/btf';
import type { Target } from '../../src/target.ts';
import { withKprobes } from './targets.ts';

/**
 * ```c
 * enum state { RUNNING, STOPPED = 4 };
 * struct load { unsigned long weight; int parts[2][3]; };
 * struct task_struct {
 *   int pid;
 *   unsigned int on_cpu : 1, policy : 3;
 *   char comm[16];
 *   struct task_struct *real_parent, *group_leader;
 *   struct load load;
 *   enum state state;
 *   union { int a; short b; };
 *   struct opaque *opaque;
 *   void (*exit)(void);
 *   struct { int inner; } named;
 *   int tail[];
 * };
 * ```
 */
function image(): Uint8Array {
  const b = new BtfBuilder();
  const plain = (name: string, type: number, bits: number): Parameters<typeof b.struct>[2][0] => ({
    name,
    type,
    bitOffset: bits,
    bitSize: 0,
  });
  const int = b.int('int', 4, true);
  const unsigned = b.int('unsigned int', 4, false);
  const long = b.int('long unsigned int', 8, false);
  const short = b.int('short int', 2, true);
  const char = b.int('char', 1, true);
  const comm = b.array(char, int, 16);
  const parts = b.array(b.array(int, int, 3), int, 2);
  const state = b.enum('state', [
    { name: 'RUNNING', value: 0 },
    { name: 'STOPPED', value: 4 },
  ]);
  const load = b.struct('load', 32, [plain('weight', long, 0), plain('parts', parts, 64)]);
  const union = b.union('', 4, [plain('a', int, 0), plain('b', short, 0)]);
  const opaque = b.pointer(b.forward('struct', 'opaque'));
  const exit = b.pointer(b.funcProto(0, []));
  const named = b.struct('', 4, [plain('inner', int, 0)]);
  const tail = b.array(int, int, 0);
  // The pointer comes just before the struct it points to.
  const task = b.pointer(tail + 2);
  b.struct('task_struct', 104, [
    plain('pid', int, 0),
    { name: 'on_cpu', type: unsigned, bitOffset: 32, bitSize: 1 },
    { name: 'policy', type: unsigned, bitOffset: 33, bitSize: 3 },
    plain('comm', comm, 64),
    plain('real_parent', task, 192),
    plain('group_leader', task, 256),
    plain('load', load, 320),
    plain('state', state, 576),
    plain('', union, 608),
    plain('opaque', opaque, 640),
    plain('exit', exit, 704),
    plain('named', named, 768),
    plain('tail', tail, 832),
  ]);
  b.typedef('task_t', task + 1);
  return b.bytes();
}

export const withTypes: Target = { ...withKprobes, btf: { vmlinux: image(), modules: {} } };
