/** `args`, types and source lines of programs with debug information. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, suite, test } from 'node:test';
import { local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram, testDirectory } from '../support/test-program.ts';

const source = new URL('../support/programs/typed-arguments.c', import.meta.url);

suite('typed arguments', { skip: notRoot(), concurrency: 4 }, () => {
  let path = '';
  before(() => {
    path = buildProgram('typed-arguments', 'typed-arguments', ['-g']);
  });

  /** The program's path is `$1`. */
  async function trace(program: string, options: readonly string[] = [], file = path) {
    const running = await startProgram(file);
    const { out } = await traced(
      ['-p', String(running.pid), ...options, '-e', program.replaceAll('$1', file)],
      () => running.work(),
    );
    await running.end();
    return out.replace(/^Attached .*\n/, '').trim();
  }

  test('are what they were declared to be', async () => {
    const out = await trace(
      `uprobe:$1:by_pointer {
         printf("%d %c %d\\n", args.item.id, args.letter, args.below);
         printf("%d %d %s %d\\n", args.item.low, args.item.high, args.item.inner.name, args.item.inner.code);
         printf("%s %d\\n", args.item.next.inner.name, args.item.next.next == 0);
         print(args.item.grid);
         print(args.letter);
       }`,
    );
    assert.equal(out, '7 x -2\n5 17 first -1\nsecond 1\n[10,20,30]\n120');
  });

  test('are found where the calling convention puts them', async () => {
    const out = await trace(
      `uprobe:$1:by_value { printf("%ld %d %ld %d\\n", args.pair.first, args.pair.second, args.big.values[2], args.last); }
       uprobe:$1:many { printf("%d %d %ld\\n", args.a, args.e, args.g); }`,
    );
    assert.equal(out, `${2 ** 40} -3 300 99\n1 5 77`);
  });

  test('are printed together', async () => {
    const out = await trace('uprobe:$1:by_pointer { print(args); }');
    assert.match(out, /^\{ \.item = 0x[0-9a-f]+, \.letter = 120, \.below = -2 \}$/);
  });

  test('may be reached by a cast, too', async () => {
    const out = await trace(
      'uprobe:$1:by_pointer { $i = (struct item *)arg0; printf("%d %s\\n", $i.id, $i.next.inner.name); }',
    );
    assert.equal(out, '7 second');
  });

  test('are text up to a NUL or the end of their array', async () => {
    const out = await trace(
      `struct two { char text[2]; };
       uprobe:$1:by_pointer {
         $text = ((struct two *)(arg0 + 8)).text;
         printf("%s|%-4s|\\n", $text, $text);
         @[$text] = 1; @copy = *(struct two *)(arg0 + 8);
         print($text == "fi"); print($text == "fir"); print($text == str(args.item.inner.name));
       }`,
    );
    assert.equal(out, 'fi|fi  |\ntrue\nfalse\nfalse\n\n\n@[fi]: 1\n@copy: { .text = fi }');
  });

  test('are null where they are floating-point numbers', async () => {
    const program = `union mixed { int number; float real; };
      uprobe:${path}:by_pointer { print(*(union mixed *)args.item); }`;
    assert.equal(await trace(program), '{ .number = 7, .real = null }');
    const json = await trace(program, ['-f', 'json']);
    assert.match(json, /\{"type": "value", "data": \{"number": 7, "real": null\}\}/);
  });

  test('in floating-point registers are refused', async () => {
    const { err, exitCode } = await local(['-e', `uprobe:${path}:by_value { print(args.real); }`]);
    assert.match(err, /reading 'real', which is passed in a floating-point register/);
    assert.equal(exitCode, 1);
  });

  test('are listed', async () => {
    const { out } = await local(['-lv', `uprobe:${path}:by_*`]);
    assert.equal(
      out,
      `uprobe:${path}:by_pointer
    const struct item* item
    char letter
    signed char below
uprobe:${path}:by_value
    struct pair pair
    struct big big
    double real
    int last
`,
    );
  });

  test('need debug information', async () => {
    const stripped = `${testDirectory()}/stripped-arguments`;
    execFileSync('objcopy', ['--strip-debug', path, stripped]);
    const { err, exitCode } = await local(['-e', `uprobe:${stripped}:many { print(args.a); }`]);
    assert.match(err, /Could not parse arguments of "uprobe:.*:many": no debuginfo found for /);
    assert.equal(exitCode, 1);
  });

  test('and symbols are found in a file that they were split off to', async () => {
    const stripped = `${testDirectory()}/bare-arguments`;
    const directory = `${testDirectory()}/split-off`;
    execFileSync('mkdir', ['-p', directory]);
    execFileSync('objcopy', ['--only-keep-debug', path, `${directory}/bare-arguments.debug`]);
    execFileSync('objcopy', ['--strip-all', path, stripped]);
    const out = await trace(
      'uprobe:$1:many { printf("%d\\n", args.b); }',
      [`--debuginfo=${directory}`],
      stripped,
    );
    assert.equal(out, '2');
  });

  for (const flag of ['-pie', '-no-pie']) {
    test(`variables are where the program was loaded (${flag})`, async () => {
      const file = buildProgram('typed-arguments', `typed-arguments${flag}`, ['-fPIE', flag]);
      const variables = 'printf("%d %ld\\n", *uaddr("total"), *uaddr("grand_total"));';
      assert.equal(await trace(`uprobe:$1:many { ${variables} }`, [], file), `-7 ${2 ** 40}`);
    });
  }

  test('a probe may be put on a source line', async () => {
    const lines = readFileSync(source, 'utf8').split('\n');
    const line = 1 + lines.findIndex((text) => text.includes('return item->id'));
    const out = await trace(`uprobe:$1@typed-arguments.c:${line} { @ = count(); }`);
    assert.equal(out, '@: 1');
    const { err } = await local(['-e', `uprobe:${path}@typed-arguments.c:1 { }`]);
    assert.match(err, /DWARF error: Unable to map 'typed-arguments\.c:1' to address/);
  });

  test('stacks show files and lines, unless that is turned off', async () => {
    const stack =
      'uprobe:$1:by_pointer { print(ustack(1)); print(ustack(perf, 1)); print(usym(reg("ip"))); }';
    assert.match(
      await trace(stack),
      /^by_pointer\+0@\/.*typed-arguments\.c:\d+\n\n\n\t[0-9a-f]+ by_pointer\+0 \(\/.*\/typed-arguments\)\n\nby_pointer$/,
    );
    const plain = await trace(`config = { show_debug_info = 0 } ${stack}`);
    assert.match(plain, /^by_pointer\+0\n/);
  });
});
