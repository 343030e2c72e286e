/** What a full ring buffer loses is counted exactly, and said. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { attached } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

const CALLS = 20_000;

suite('a full ring buffer', { skip: notRoot(), concurrency: true }, () => {
  /** Traces while the tracer itself stands still, so that nobody empties the ring. */
  async function overflow(...argv: readonly string[]): Promise<{ out: string; err: string }> {
    const program = await startProgram(buildProgram('syscalls', 'overflow'), String(CALLS));
    const source = `config = { perf_rb_pages = 16 }
      tracepoint:syscalls:sys_enter_getppid /pid == ${program.pid}/ { @n++; @calls = count(); printf("%d\\n", @n); }`;
    const tracer = await attached([...argv, '-e', source]);
    process.kill(tracer.pid, 'SIGSTOP');
    await program.work();
    process.kill(tracer.pid, 'SIGCONT');
    const finished = await tracer.kill('SIGINT');
    await program.end();
    return finished;
  }

  test('loses the newest events, counts them, and loses nothing of the maps', async () => {
    const { out, err } = await overflow();
    const total = Number(/^WARNING: Total lost event count: (\d+)$/m.exec(err)?.[1]);
    const lines = out
      .slice(0, out.indexOf('\n\n\n') + 1)
      .split('\n')
      .slice(0, -1);
    assert.ok(total > 0 && lines.length > 0);
    assert.equal(lines.length + total, CALLS);
    assert.deepEqual(
      lines,
      Array.from(lines, (_, index) => String(index + 1)),
    );
    assert.ok(out.endsWith(`@calls: ${CALLS}\n@n: ${CALLS}\n`), out.slice(-100));
    const reported = [...err.matchAll(/^Lost (\d+) events$/gm)].map((match) => Number(match[1]));
    assert.equal(
      reported.reduce((sum, count) => sum + count, 0),
      total,
    );
  });

  test('is described with -v', async () => {
    const { out, err } = await overflow('-v');
    const found =
      /^ring buffer: (\d+) events in \d+ drains, \d+ wake-ups; at most (\d+) of 65536 bytes in use; (\d+) events lost$/m;
    const [, sent, peak, lost] = found.exec(err)?.map(Number) ?? [];
    assert.equal(sent, out.match(/^\d+$/gm)?.length);
    assert.equal((sent ?? 0) + (lost ?? 0), CALLS);
    assert.ok(peak !== undefined && peak > 60_000 && peak <= 65_536);
  });

  test('says so in JSON', async () => {
    const { out } = await overflow('-f', 'json');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; count?: number });
    const printed = lines.filter(({ type }) => type === 'printf').length;
    const lost = lines.filter(({ type }) => type === 'lost_events').map(({ count }) => count ?? 0);
    assert.equal(printed + lost.reduce((sum, count) => sum + count, 0), CALLS);
  });
});
