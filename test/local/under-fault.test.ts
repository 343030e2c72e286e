/** Sessions under load and bad luck: nothing leaks, nothing hangs, and what was counted and lost is what was sent. */
import assert from 'node:assert/strict';
import { copyFileSync, renameSync, truncateSync } from 'node:fs';
import { suite, test } from 'node:test';
import { heldBy, leftOf, type KernelObject } from '../support/kernel-objects.ts';
import { attached, local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import {
  buildLibrary,
  buildProgram,
  startProgram,
  testDirectory,
} from '../support/test-program.ts';
import { BpfleetProcess, type Finished } from '../support/bpfleet-process.ts';

interface Traced extends Finished {
  readonly held: readonly KernelObject[];
}

function lostIn(err: string): number {
  return Number(/^WARNING: Total lost event count: (\d+)$/m.exec(err)?.[1] ?? 0);
}

suite('under fault', { skip: notRoot() }, () => {
  /** Traces while `work` is done; whatever it held in the kernel must be gone in the end. */
  async function traceWithoutLeaks(
    argv: readonly string[],
    work: () => Promise<unknown>,
  ): Promise<Traced> {
    const tracer = await attached(argv);
    const held = heldBy(tracer.pid);
    assert.ok(held.length > 0);
    await work();
    assert.deepEqual(heldBy(tracer.pid), held);
    const finished = await tracer.kill('SIGINT');
    assert.equal(finished.exitCode, 0, finished.err);
    assert.deepEqual(await leftOf(held), []);
    return { ...finished, held };
  }

  test('a function that is called half a million times is counted as often', async () => {
    const CALLS = 500_000;
    const program = await startProgram(buildProgram('bursts', 'hot'), '0', String(CALLS));
    const { out, err } = await traceWithoutLeaks(
      [
        '-e',
        `uprobe:${testDirectory()}/hot:step { @ = count(); @by[tid] = count(); @n++; if (@n % 5 == 0) { printf("x\\n"); } }`,
      ],
      () => program.work(),
    );
    await program.end();
    const printed = out.split('\n').filter((line) => line === 'x').length;
    assert.equal(printed + lostIn(err), CALLS / 5);
    assert.match(out, new RegExp(`^@: ${CALLS}$`, 'm'));
    assert.match(out, new RegExp(`^@by\\[\\d+\\]: ${CALLS}$`, 'm'));
  });

  test('processes that come and go are counted one by one', async () => {
    const CHILDREN = 1000;
    const path = buildProgram('bursts', 'forking');
    const program = await startProgram(path, String(CHILDREN));
    const { out } = await traceWithoutLeaks(
      [
        '-e',
        `uprobe:${path}:step { @called = count(); @stacks[ustack(1)] = count(); }
         uretprobe:${path}:step { @returned = sum(retval); }
         usdt:${path}:bursts:stepped { @raised = sum(arg0); }`,
      ],
      () => program.work(),
    );
    await program.end();
    for (const name of ['called', 'returned', 'raised']) {
      assert.match(out, new RegExp(`^@${name}: ${CHILDREN}$`, 'm'));
    }
  });

  test('five thousand functions of one program are counted each, by their names', async () => {
    const path = buildProgram('many-functions', 'many');
    const program = await startProgram(path, '2');
    const { out, held } = await traceWithoutLeaks(
      [
        '-e',
        `config = { max_probes = 12000; max_map_keys = 6000 }
         uprobe:${path}:many_* { @[probe] = count(); } uretprobe:${path}:many_* { @back = count(); }`,
      ],
      () => program.work(),
    );
    await program.end();
    assert.equal(out.match(/^@\[uprobe:.*:many_\d{4}\]: 2$/gm)?.length, 5000);
    assert.match(out, /^@back: 10000$/m);
    assert.equal(held.filter(({ kind }) => kind === 'prog_id').length, 2);
  });

  test('a program that is replaced on disk is traced on where it runs, and the new one is not', async () => {
    const path = buildProgram('bursts', 'replaced');
    const old = await startProgram(path, '0', '1234');
    const { out } = await traceWithoutLeaks(
      ['-e', `uprobe:${path}:step { @[pid] = count(); @where[usym(reg("ip"))] = count(); }`],
      async () => {
        copyFileSync(path, `${path}.new`);
        renameSync(`${path}.new`, path);
        const other = await startProgram(path, '0', '99');
        await other.work();
        await other.end();
        await old.work();
      },
    );
    assert.match(out, new RegExp(`^@\\[${old.pid}\\]: 1234$`, 'm'));
    assert.equal(out.match(/^@\[\d+\]/gm)?.length, 1);
    await old.end();
  });

  test('a library that is replaced on disk is traced on in who has it, and whoever loads the new one is not', async () => {
    const library = buildLibrary('late-function', 'replaced.so');
    const path = buildProgram('late-library', 'loading');
    const [old, other] = [await startProgram(path, library), await startProgram(path, library)];
    const { out } = await traceWithoutLeaks(
      ['-e', `uprobe:${library}:late_function { @[pid, usym(reg("ip"))] = count(); }`],
      async () => {
        await old.work();
        copyFileSync(library, `${library}.new`);
        renameSync(`${library}.new`, library);
        await other.work();
        await other.work();
        await old.work();
      },
    );
    assert.deepEqual(out.match(/^@\[.*$/gm), [`@[${old.pid}, late_function]: 50`]);
    await old.end();
    await other.end();
  });

  test('a library that is truncated while it is traced is traced again when its bytes are back', async () => {
    const library = buildLibrary('late-function', 'truncated.so');
    const path = buildProgram('late-library', 'loading-truncated');
    const [old, other, later] = [
      await startProgram(path, library),
      await startProgram(path, library),
      await startProgram(path, library),
    ];
    const { out } = await traceWithoutLeaks(
      ['-e', `uprobe:${library}:late_function { @[pid] = count(); }`],
      async () => {
        await old.work();
        copyFileSync(library, `${library}.kept`);
        truncateSync(library);
        // Its code is gone from under the one, and the other cannot load it.
        assert.equal(await old.end(), null);
        assert.equal(await other.end(), 1);
        copyFileSync(`${library}.kept`, library);
        await later.work();
        await later.work();
      },
    );
    assert.deepEqual(out.match(/^@\[.*$/gm), [`@[${later.pid}]: 50`]);
    await later.end();
  });

  test('a tracer that is killed leaves nothing behind', async () => {
    const path = buildProgram('bursts', 'orphaned');
    const tracer = await attached([
      '-e',
      `uprobe:${path}:* { @a = count(); } usdt:${path}:* { @b = count(); }
       tracepoint:syscalls:sys_enter_* { @c = count(); } tracepoint:sched:sched_switch { @d = count(); }
       profile:hz:99 { @e[kstack] = count(); } interval:s:1 { print(@c); } rawtracepoint:sched_wakeup { @f++; }`,
    ]);
    const held = heldBy(tracer.pid);
    for (const kind of ['prog_id', 'map_id', 'link_id']) {
      assert.ok(held.some((one) => one.kind === kind));
    }
    await tracer.kill('SIGKILL');
    assert.deepEqual(await leftOf(held), []);
  });

  test('interrupts while probes are attached end it, once', async () => {
    const tracer = new BpfleetProcess([
      ...['local', '-v', '-e'],
      'tracepoint:syscalls:sys_enter_* { @[kstack] = count(); } END { printf("over\\n"); clear(@); }',
    ]);
    await tracer.printed(/^attached tracepoint/m);
    const { pid } = tracer;
    process.kill(pid, 'SIGINT');
    const { out, exitCode } = await tracer.finished();
    assert.equal(exitCode, 0);
    assert.equal(out, 'over\n\n\n');
  });

  test('an interrupt while a large map is printed again and again is heard, and a second one ends all', async () => {
    const tracer = new BpfleetProcess([
      ...['local', '-e'],
      `config = { max_map_keys = 100000 }
       BEGIN { for ($i : 0..100000) { @[$i] = $i; } } interval:ms:10 { print(@); }`,
    ]);
    await tracer.printed(/^@\[/m);
    process.kill(tracer.pid, 'SIGINT');
    const interrupting = setInterval(() => process.kill(tracer.pid, 'SIGINT'), 100);
    try {
      await tracer.finished();
    } finally {
      clearInterval(interrupting);
    }
  });

  test('a map of many keys is read whole', async () => {
    const KEYS = 100_000;
    const { out, exitCode } = await local([
      '-q',
      '-e',
      `config = { max_map_keys = ${KEYS} }
       BEGIN { for ($i : 0..${KEYS}) { @[$i] = $i; @n[$i] = count(); } print(@, 3); clear(@n); exit(); }`,
    ]);
    assert.equal(exitCode, 0);
    assert.equal(out.match(/^@\[\d+\]: \d+$/gm)?.length, KEYS + 3);
  });
});
