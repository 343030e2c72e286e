/** Values of the kernel's own types: members, elements, bits, copies, addresses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockCases } from '../support/block-cases.ts';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

blockCases('members', [
  ['printf("%d", curtask.pid == tid);', '1'],
  ['printf("%d", curtask->tgid == pid);', '1'],
  ['printf("%d", (*curtask).group_leader.pid == leader_tid);', '1'],
  ['printf("%d", curtask.comm == comm);', '1'],
  ['printf("%s", curtask.comm[2] == comm[2] ? "same" : "other");', 'same'],
  ['$t = (struct task_struct *)(uint64)curtask; printf("%d", $t.pid == tid);', '1'],
]);

blockCases('copies', [
  [
    '$t = *curtask; printf("%d %d", $t.pid == tid, $t.se.load.weight == curtask.se.load.weight);',
    '1 1',
  ],
  ['@s = curtask.se.load; printf("%d", @s.weight == curtask.se.load.weight);', '1'],
  ['@k[curtask.se.load] = 7; printf("%d", @k[curtask.se.load]);', '7'],
  ['@t = (1, curtask.se.load); printf("%d", @t.1.weight == curtask.se.load.weight);', '1'],
  [
    '@m[1] = curtask.signal.rlim; printf("%d", @m[1][3].rlim_cur == curtask.signal.rlim[3].rlim_cur);',
    '1',
  ],
  [
    '$a = curtask.signal.rlim; $i = (uint64)3; printf("%d", $a[$i].rlim_max == $a[3].rlim_max);',
    '1',
  ],
]);

blockCases('arrays and casts', [
  ['print((int8[])"hello");', '[104,101,108,108,111,0]\n'],
  ['printf("%x", ((int8[8])12345)[0]);', '39'],
  ['printf("%x", (uint32)pton("127.0.0.1"));', '100007f'],
  ['printf("%d", curtask.comm == curtask.comm);', '1'],
  ['@p = (int32 *)0x32; @p += 1; print(@p);', '@p: 0x36\n'],
  ['@q = (int64 *)0x32; @q--; print(@q);', '@q: 0x2a\n'],
  ['$r = (int16 *)0x32; $r++; printf("%p %p", $r, $r + 2);', '0x34 0x38'],
]);

blockCases('names', [
  ['printf("%d %s", BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_KPROBE);', '2 BPF_PROG_TYPE_KPROBE'],
  ['print((enum bpf_prog_type)2);', 'BPF_PROG_TYPE_KPROBE\n'],
  [
    '@e[BPF_MAP_TYPE_ARRAY] = BPF_MAP_TYPE_HASH; print(@e);',
    '@e[BPF_MAP_TYPE_ARRAY]: BPF_MAP_TYPE_HASH\n',
  ],
  ['print(BPF_MAP_TYPE_HASH + 1);', '2\n'],
  ['printf("%d %d", sizeof(BTF_VAR_STATIC), sizeof(uint64_t));', '8 8'],
  ['printf("%d", offsetof(struct list_head, prev));', '8'],
  [
    'printf("%d", container_of(curtask.tasks.prev, typeof(struct task_struct), tasks).pid > 0);',
    '1',
  ],
  ['printf("%d %d", is_err(curtask), is_err((void *)(int64)-5));', '0 1'],
]);

test('an index beyond the end is reported where it is', { skip: notRoot() }, async () => {
  const text = 'BEGIN { $i = (uint64)100; print(curtask.comm[$i] < 256); exit(); }';
  const { out, err } = await local(['-q', '-e', text]);
  assert.match(out, /^true$/m);
  assert.match(
    err,
    /stdin:1:33-49: WARNING: Array access out of bounds\. This can lead to unexpected results\./,
  );
});
