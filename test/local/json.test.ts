/** `-f json`: one object a line, byte for byte. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

/** The objects that the statements of a BEGIN block cause, one a line. */
async function objects(statements: string): Promise<readonly string[]> {
  const { out, err } = await local([
    '--no-warnings',
    '-f',
    'json',
    '-e',
    `BEGIN { ${statements} }`,
  ]);
  assert.equal(err, '');
  const lines = out.trimEnd().split('\n');
  for (const line of lines) JSON.parse(line);
  assert.equal(lines[0], '{"type": "attached_probes", "count": 1, "data": {"probes": 1}}');
  return lines.slice(1);
}

suite('JSON output', { skip: notRoot(), concurrency: 4 }, () => {
  test('of calls that print', async () => {
    assert.deepEqual(
      await objects(
        String.raw`printf("hi %d\n", 3); print(5); print("str"); print(-1); print((1, "a", (2, 3))); print(true); print((int8*)16); time("%%\n"); printf("é\t\"\\");`,
      ),
      [
        String.raw`{"type": "printf", "data": "hi 3\n"}`,
        '{"type": "value", "data": 5}',
        '{"type": "value", "data": "str"}',
        '{"type": "value", "data": -1}',
        '{"type": "value", "data": [1,"a",[2,3]]}',
        '{"type": "value", "data": true}',
        '{"type": "value", "data": 16}',
        String.raw`{"type": "time", "data": "%\n"}`,
        String.raw`{"type": "printf", "data": "é\t\"\\"}`,
      ],
    );
  });

  test('of maps, at the end and when printed', async () => {
    assert.deepEqual(
      await objects(
        '@a = 1; @b["x", 1] = 2; @b["y z", 2] = 1; @c = 9223372036854775807; @d["k"] = (1, "t"); @e = true; @f = "é"; @g["gone"] = 1; delete(@g, "gone"); print(@b);',
      ),
      [
        '{"type": "map", "data": {"@b": {"yz,2": 1, "x,1": 2}}}',
        '{"type": "map", "data": {"@a": 1}}',
        '{"type": "map", "data": {"@b": {"yz,2": 1, "x,1": 2}}}',
        '{"type": "map", "data": {"@c": "9223372036854775807"}}',
        '{"type": "map", "data": {"@d": {"k": [1,"t"]}}}',
        '{"type": "map", "data": {"@e": true}}',
        '{"type": "map", "data": {"@f": "é"}}',
      ],
    );
  });

  test('of aggregations', async () => {
    assert.deepEqual(
      await objects(
        '@a = avg(10); @c = count(); @k["x"] = count(); @m = min(-3); @s = sum(-5); @t = stats(4); @t = stats(5); @u["k"] = stats(1); @v["k"] = avg(3);',
      ),
      [
        '{"type": "stats", "data": {"@a": 10}}',
        '{"type": "map", "data": {"@c": 1}}',
        '{"type": "map", "data": {"@k": {"x": 1}}}',
        '{"type": "map", "data": {"@m": -3}}',
        '{"type": "map", "data": {"@s": -5}}',
        '{"type": "stats", "data": {"@t": {"count": 2, "average": 4, "total": 9}}}',
        '{"type": "stats", "data": {"@u": {"k": {"count": 1, "average": 1, "total": 1}}}}',
        '{"type": "stats", "data": {"@v": {"k": 3}}}',
      ],
    );
  });

  test('of histograms, whose upper bounds are inclusive', async () => {
    assert.deepEqual(
      await objects(
        '@h = hist(-1); @h = hist(0); @h = hist(3); @k["a"] = hist(5); @l = lhist(5, 0, 20, 10); @l = lhist(99, 0, 20, 10); @l = lhist(-9, 0, 20, 10);',
      ),
      [
        '{"type": "hist", "data": {"@h": [{"max": -1, "count": 1},{"min": 0, "max": 0, "count": 1},{"min": 1, "max": 1, "count": 0},{"min": 2, "max": 3, "count": 1}]}}',
        '{"type": "hist", "data": {"@k": {"a": [{"min": 4, "max": 7, "count": 1}]}}}',
        '{"type": "hist", "data": {"@l": [{"max": -1, "count": 1},{"min": 0, "max": 9, "count": 1},{"min": 10, "max": 19, "count": 0},{"min": 20, "count": 1}]}}',
      ],
    );
  });

  test('of faults at run time', async () => {
    const program = 'BEGIN { $z = 0; print(4 / $z); print(5 % $z); }';
    const { out } = await local(['-f', 'json', '-e', program]);
    const fault = (column: number): string =>
      `{"type": "runtime_error", "msg": "Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the result.", "filename": "stdin", "line": 1, "col": ${column}}`;
    assert.deepEqual(out.trimEnd().split('\n').slice(1), [
      fault(program.indexOf('4 /') + 1),
      '{"type": "value", "data": 1}',
      fault(program.indexOf('5 %') + 1),
      '{"type": "value", "data": 1}',
    ]);
  });

  test('of commands and files', async () => {
    const { out, exitCode } = await local([
      ...['--unsafe', '-q', '-f', 'json', '-e'],
      'BEGIN { system("echo %s %d", "hello", 5); cat("/proc/sys/kernel/ostype"); exit(4); }',
    ]);
    assert.equal(
      out,
      '{"type": "syscall", "data": "hello 5\\n"}\n{"type": "cat", "data": "Linux\\n"}\n',
    );
    assert.equal(exitCode, 4);
  });

  test('of traced strings keeps every line valid', async () => {
    const { out } = await local([
      ...['-q', '-f', 'json', '-e'],
      String.raw`BEGIN { $s = "\x01\x1f\x7f\x80\xff\n"; print($s); @[$s] = 1; printf("%s", $s); @ustr = ustack; @k = kstack(3); }`,
    ]);
    const parsed = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    assert.deepEqual(
      parsed.map(({ type }) => type),
      ['value', 'printf', 'map', 'map', 'map'],
    );
  });
});
