/** What cannot run: each says what and where, ends with 1, and leaves nothing attached. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { BpfleetProcess, type Finished } from '../support/bpfleet-process.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { testDirectory } from '../support/test-program.ts';
import { TOO_MANY_BRANCHES } from '../support/too-many-branches.ts';

/** Runs what must fail; gives its complaint. */
async function refused(argv: readonly string[]): Promise<string> {
  const { out, err, exitCode } = await local(['--no-warnings', ...argv]);
  assert.equal(exitCode, 1, err);
  assert.equal(out, '');
  assert.doesNotMatch(err, /^\s+at |Attached|node:/m);
  return err;
}

function complaint(program: string): Promise<string> {
  return refused(['-e', program]);
}

/** The three lines of a fault in a program of one line. */
function diagnostic(program: string, marked: string, message: string): string {
  const from = program.indexOf(marked);
  assert.notEqual(from, -1);
  const columns = `${from + 1}-${from + 1 + marked.length}`;
  const marks = ' '.repeat(from) + '~'.repeat(marked.length);
  return `stdin:1:${columns}: ERROR: ${message}\n${program}\n${marks}\n`;
}

suite('faults of a program', { skip: notRoot(), concurrency: 4 }, () => {
  const cases: readonly (readonly [
    what: string,
    program: string,
    marked: string,
    message: string,
    hint?: string,
  ])[] = [
    ['a syntax error', 'BEGIN { printf("x" }', '}', "syntax: expected ')'"],
    [
      'an unknown tracepoint',
      'tracepoint:syscalls:sys_enter_opnat { exit(); }',
      'tracepoint:syscalls:sys_enter_opnat',
      'No matches for tracepoint syscalls:sys_enter_opnat.',
      "Did you mean 'syscalls:sys_enter_openat'?",
    ],
    [
      'an unknown probe type',
      'tracepiont:syscalls:sys_enter_open { exit(); }',
      'tracepiont:syscalls:sys_enter_open',
      'Invalid probe type: tracepiont',
      "Did you mean 'tracepoint'?",
    ],
    [
      'an unknown field',
      'tracepoint:syscalls:sys_enter_openat { printf("%s", str(args->filenme)); }',
      'filenme',
      "Struct/union of type 'struct _tracepoint_syscalls_sys_enter_openat' does not contain a field named 'filenme'",
      "Did you mean 'filename'?",
    ],
    [
      'an unknown function',
      'BEGIN { prinft("x"); }',
      'prinft',
      "Unknown function: 'prinft'",
      "Did you mean 'printf'?",
    ],
    [
      'values of two types in one variable',
      'BEGIN { $a = 5; $a = "x"; }',
      '$a = "x"',
      "Type mismatch for $a: trying to assign value of type 'string[2]' when variable already has a type 'int8'",
    ],
    [
      'values of two types in one map',
      'BEGIN { @a = 5; @a = "x"; }',
      '@a = "x"',
      "Type mismatch for @a: trying to assign value of type 'string[2]' when map already has a type 'int8'",
    ],
    [
      'a map that is never assigned',
      'BEGIN { delete(@gone, 1); }',
      '@gone, 1',
      'Undefined map: @gone',
    ],
    [
      'too few arguments of printf',
      'BEGIN { printf("%d %d", 1); }',
      'printf("%d %d", 1)',
      'not enough arguments for format string (1 supplied, 2 expected)',
    ],
    [
      'an unsafe function without leave',
      'BEGIN { system("true"); }',
      'system("true")',
      'system() is an unsafe function being used in safe mode',
      'Allow it with --unsafe.',
    ],
    [
      'a function of the kernel where there are no kprobes',
      'kprobe:vfs_read { @ = count(); }',
      'kprobe:vfs_read',
      'kprobe:vfs_read: no kprobes in this kernel, and fentry is refused with EPERM',
    ],
    [
      'a return probe where there are no kprobes',
      'kretprobe:vfs_read { @bytes = lhist(retval, 0, 2000, 200); }',
      'kretprobe:vfs_read',
      'kretprobe:vfs_read: no kprobes in this kernel, and fentry is refused with EPERM',
    ],
    [
      'fentry where it is forbidden',
      'fentry:vfs_read { @ = count(); }',
      'fentry:vfs_read',
      'fentry:vfs_read: fentry is refused with EPERM',
    ],
    [
      'a file that is not there',
      'uprobe:/no/such/file:main { @ = count(); }',
      'uprobe:/no/such/file:main',
      "uprobe target file '/no/such/file' does not exist or is not executable",
    ],
  ];
  for (const [what, program, marked, message, hint] of cases) {
    test(what, async () => {
      const expected = diagnostic(program, marked, message);
      assert.equal(
        await complaint(program),
        expected + (hint === undefined ? '' : `HINT: ${hint}\n`),
      );
    });
  }

  test('several are reported at once', async () => {
    const err = await complaint('BEGIN { a(1); $x = 1; $x = "s"; printf("%d"); }');
    assert.equal(err.match(/ERROR/g)?.length, 3, err);
  });

  test('are found in the lines of a file', async () => {
    const script = join(testDirectory(), 'faulty.bt');
    writeFileSync(script, '#!/usr/bin/env bpfleet\n// a comment\nBEGIN {\n  @x = nosuch;\n}\n');
    const err = await refused([script]);
    assert.ok(err.startsWith(`${script}:4:8-14: ERROR: `), err);
    assert.match(err, /^ {2}@x = nosuch;\n {7}~~~~~~$/m);
  });
});

suite('odd files', { skip: notRoot(), concurrency: 2 }, () => {
  const cases: Readonly<Record<string, readonly [content: string | Buffer, says: RegExp]>> = {
    'of carriage returns': [
      'begin {\r\n  comn;\r\n}\r\n',
      /:2:3-7: ERROR: Unknown identifier: 'comn'\n {2}comn;\n {2}~{4}\n/,
    ],
    'with tabs': ['begin {\n\t\tprint(\tcomn);\n}', /\n {8}print\( {4}comn\);\n {18}~{4}\n/],
    'with a NUL': [
      'begin { \0 exit(); }',
      /:1:9-10: ERROR: syntax: expected expression\nbegin \{ \\x00 exit\(\); \}\n {8}~{4}\n/,
    ],
    'with bytes that are no UTF-8': [
      Buffer.concat([Buffer.from('begin { print("'), Buffer.of(0xff, 0xfe), Buffer.from('") 1 }')]),
      /:1:21-22: ERROR: syntax: expected ';'\n.*\n {26}~\n/,
    ],
    'with letters of all widths': [
      'begin { print("日本語é👍e\u0301"); comn; }',
      /:1:38-42: ERROR: .*\n.*\n {29}~{4}\n/,
    ],
    'with commands to the terminal': [
      'begin { /* \u001b[31m\u0007\u202e */ comn; }',
      /\nbegin \{ \/\* \\x1b\[31m\\x07\\u202e \*\/ comn; \}\n {33}~{4}\n/,
    ],
    'of a probe that commands the terminal': [
      'beg\u001b[2Jin { }',
      /: ERROR: Invalid probe type: beg\\x1b\[2Jin\n/,
    ],
    'of other programs': [readFileSync('/bin/true'), /: ERROR: /],
    'with a line of a million characters': [
      `begin { ${' '.repeat(1_000_000)}comn; }`,
      /:1:1000009-1000013: ERROR: Unknown identifier: 'comn'\n\.\.\. {100}comn; \}\n {103}~{4}\n/,
    ],
    'with a fault of a million characters': [
      `begin { comn${'n'.repeat(1_000_000)}; }`,
      /:1:9-1000013: ERROR: .*\nbegin \{ comn+\.\.\.\n {8}~{800}\n/,
    ],
    'with a million lines': [
      `begin {\n${'\n'.repeat(1_000_000)} comn; }`,
      /:1000002:2-6: ERROR: .*\n comn; \}\n ~{4}\n/,
    ],
    'with a million statements': [
      `begin {\n${' @ = 1;\n'.repeat(1_000_000)} }`,
      /: ERROR: syntax: a program has at most 500000 words and signs, and this one goes on\n/,
    ],
    'of megabytes without sense': ['a'.repeat(30_000_000), /: ERROR: syntax: expected '\{'\n/],
  };
  for (const [what, [content, says]] of Object.entries(cases)) {
    test(what, async () => {
      const script = join(testDirectory(), `${what}.bt`);
      writeFileSync(script, content);
      const err = await refused([script]);
      assert.match(err, says);
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(err, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    });
  }

  const runs: Readonly<Record<string, string>> = {
    'with a byte order mark': '\ufeffbegin { printf("ok"); }',
    'without a line break at the end': 'begin { printf("ok"); } // the end',
    'with carriage returns':
      '#!/usr/bin/env bpfleet\r\n#define OK \\\r\n "ok"\r\nstruct a {\r\n int x;\r\n};\r\nconfig = {\r\n max_strlen = 64\r\n}\r\nbegin\r\n{\r\n // c\r\n /* d\r\n*/ printf(OK);\r\n}\r\n',
  };
  for (const [what, content] of Object.entries(runs)) {
    test(`${what} run`, async () => {
      const script = join(testDirectory(), `${what}.bt`);
      writeFileSync(script, content);
      assert.deepEqual(await local(['-q', script]), { out: 'ok\n\n', err: '', exitCode: 0 });
    });
  }

  for (const content of ['', '// only\n/* a comment */\n']) {
    test(`without a probe, such as ${JSON.stringify(content)}, say so`, async () => {
      const script = join(testDirectory(), `nothing-${content.length}.bt`);
      writeFileSync(script, content);
      const { out, err, exitCode } = await local([script]);
      assert.match(out + err, /^(.*ERROR: )?No probes to attach$/m);
      assert.equal(exitCode, 1);
    });
  }

  test('that never end are not read to the end', async () => {
    const message = 'has more than 64 MiB: no program is as long\n';
    assert.equal(await refused(['/dev/zero']), `ERROR: /dev/zero ${message}`);
  });

  test('that nobody writes to can be interrupted', async () => {
    const pipe = join(testDirectory(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const waiting = new BpfleetProcess(['local', pipe]);
    const writer = await open(pipe, 'w');
    await waiting.kill('SIGINT');
    assert.equal((await waiting.finished()).exitCode, 130);
    await writer.close();
  });

  test('in UTF-16 are told how to be saved', async () => {
    const script = join(testDirectory(), 'utf-16.bt');
    writeFileSync(script, '\ufeffbegin { }', 'utf16le');
    assert.equal(await refused([script]), `ERROR: ${script} is text in UTF-16: save it as UTF-8\n`);
  });

  test('of megabytes of random bytes are refused where they begin', async () => {
    const script = join(testDirectory(), 'random.bt');
    const bytes = Buffer.alloc(8_000_000, 0xe9);
    for (let at = 0; at < bytes.length; at += 2) bytes[at] = at % 251;
    writeFileSync(script, bytes);
    assert.match(await refused([script]), /:\d+:\d+-\d+: ERROR: syntax: /);
  });

  test('that come through a pipe run', async () => {
    const pipe = join(testDirectory(), 'another-pipe');
    execFileSync('mkfifo', [pipe]);
    const running = local(['-q', pipe]);
    await writeFile(pipe, 'begin { printf("ok"); }');
    assert.equal((await running).out, 'ok\n\n');
  });

  test('that are no files cannot be imported', async () => {
    const err = await complaint('import "/dev/zero"; begin { }');
    assert.match(err, /^stdin:1:1-19: ERROR: /);
  });
});

suite('what the kernel refuses', { skip: notRoot(), concurrency: 4 }, () => {
  test('more branches than it follows are placed by the verifier', async () => {
    const err = await complaint(TOO_MANY_BRANCHES);
    const [first = '', line, marks, hint] = err.split('\n');
    assert.match(
      first,
      /^stdin:1:17-41: ERROR: The program of begin takes more steps than the kernel's verifier follows: The sequence of 8193 jumps is too complex/,
    );
    assert.equal(line, TOO_MANY_BRANCHES.split('\n')[0]);
    assert.equal(marks, ' '.repeat(16) + '~'.repeat(24));
    assert.match(hint ?? '', /^HINT: Spread the work over several probes/);
  });

  test('one bad probe of two leaves the other unattached', async () => {
    const err = await complaint(
      'tracepoint:syscalls:sys_enter_getppid { @ = count(); } watchpoint:0x10000001:8:w { @w = count(); }',
    );
    assert.match(err, /^ERROR: Unable to attach probe: watchpoint:268435457:8:w\./m);
  });
});

suite('bad command lines', { skip: notRoot(), concurrency: 4 }, () => {
  const cases: readonly (readonly [argv: readonly string[], complaint: RegExp])[] = [
    [
      ['/no/such/file.bt'],
      /^ERROR: failed to open file '\/no\/such\/file.bt': No such file or directory$/m,
    ],
    [['/'], /^ERROR: failed to open file '\/': Is a directory$/m],
    [['--nosuch'], /^ERROR: .*--nosuch.*\n(.*\n)*USAGE:/m],
    [['-f', 'xml', '-e', 'BEGIN { }'], /^ERROR: Invalid output format "xml"/m],
    [['-p', 'x', '-e', 'BEGIN { }'], /^ERROR: .*pid.*x/m],
    [['-p', '1', '-c', 'true', '-e', 'BEGIN { }'], /^ERROR: .*-c and -p/m],
    [['-p', '4194303', '-e', 'profile:hz:99 { @ = count(); }'], /^ERROR: .*no such process/m],
    [
      ['-c', '/no/such/program', '-e', 'BEGIN { }'],
      /^ERROR: Failed to fork child: Path '\/no\/such\/program' does not exist or is not executable/m,
    ],
    [
      ['-o', '/no/such/place', '-e', 'BEGIN { }'],
      /^ERROR: Failed to open output file: "\/no\/such\/place": No such file or directory$/m,
    ],
    [
      ['--traceable-functions', '/no/such', '-e', 'kprobe:vfs_read { }'],
      /^ERROR: Failed to open kernel function info: '\/no\/such': No such file or directory$/m,
    ],
    [
      ['--traceable-functions', '/tmp', '-e', 'kprobe:vfs_read { }'],
      /^ERROR: Failed to open kernel function info: '\/tmp': Is a directory$/m,
    ],
    [
      ['--aot', '/no/such/file', '-e', 'BEGIN { }'],
      /^ERROR: failed to write executable '\/no\/such\/file': No such file or directory$/m,
    ],
    [
      ['--fmt', '-o', '/tmp', '-e', 'BEGIN { }'],
      /^ERROR: failed to write file '\/tmp': Is a directory$/m,
    ],
    [
      ['--fmt', '-o', '/dev/full', '-e', 'BEGIN { }'],
      /^ERROR: failed to write file '\/dev\/full': No space left on device$/m,
    ],
    [
      ['--probe-filter', '(', '-e', 'BEGIN { }'],
      /^ERROR: Invalid --probe-filter regex '\(': Invalid regular expression: \/\(\/: Unterminated group$/m,
    ],
    [['-d', 'nosuch', '-e', 'BEGIN { }'], /^ERROR: .*-d.*nosuch/m],
    [['-q'], /^ERROR: USAGE: filename or -e 'program' required\.$/m],
  ];
  for (const [argv, expected] of cases) {
    test(argv.join(' '), async () => {
      const { err, exitCode } = await local(argv);
      assert.match(err, expected);
      assert.doesNotMatch(err, /^\s+at |Attached|node:/m);
      assert.equal(exitCode, 1);
    });
  }
});

suite('without root', { skip: notRoot(), concurrency: 4 }, () => {
  const ids = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  const asNobody = (...argv: readonly string[]): Promise<Finished> =>
    local(argv, {}, { wrapper: ['setpriv', ...ids] });

  test('tracing is refused in one line', async () => {
    assert.deepEqual(await asNobody('-e', 'BEGIN { printf("x"); }'), {
      out: '',
      err: 'ERROR: tracing needs root, or the capabilities CAP_BPF and CAP_PERFMON; run it with sudo\n',
      exitCode: 1,
    });
  });

  test('listing names the file that may not be read', async () => {
    const { out, err, exitCode } = await asNobody('-l', 'tracepoint:syscalls:*');
    assert.equal(out, '');
    assert.match(
      err,
      /^ERROR: reading tracefs takes root: open '\/sys\/kernel\/tracing\/available_events': Permission denied\n$/,
    );
    assert.equal(exitCode, 1);
  });

  test('a syntax error is still a syntax error, and the help needs nobody', async () => {
    assert.match((await asNobody('-d', 'ast', '-e', 'BEGIN {')).err, /^stdin:1:8-8: ERROR: syntax/);
    assert.equal((await asNobody('--help')).exitCode, 0);
  });
});

test('nothing is left in tracefs by any of this', { skip: notRoot() }, () => {
  for (const file of ['uprobe_events', 'kprobe_events']) {
    let events = '';
    try {
      events = readFileSync(`/sys/kernel/tracing/${file}`, 'utf8');
    } catch {
      continue;
    }
    assert.doesNotMatch(events, /bpfleet/);
  }
});
