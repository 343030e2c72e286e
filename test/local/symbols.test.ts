/** Names of user addresses: programs in every form, that change, that end early, in containers, with late libraries. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import {
  buildLibrary,
  buildProgram,
  startProgram,
  testDirectory,
} from '../support/test-program.ts';
import { zipArchive } from '../support/zip-archive.ts';

const run = (command: string, ...argv: readonly string[]): string =>
  execFileSync(command, argv, { encoding: 'utf8' });

const PLAIN = 'config = { show_debug_info = 0 }';
/** `inner` calls it when it has a frame and `malloc` has none yet. */
const CALLERS = 'middle\\+\\d+\n {8}outer\\+\\d+\n {8}main\\+\\d+';

suite('names of user addresses', { skip: notRoot(), concurrency: 1 }, () => {
  /** Programs whose allocations are traced, each with what its stack must be. */
  const programs = new Map<string, string>();
  const known = `\n {8}malloc\\+0\n {8}${CALLERS}\n`;
  const unknown = '\n {8}malloc\\+0\n(?: {8}0x[0-9a-f]+\n){3}';

  function build(name: string, flags: readonly string[], expected: string = known): string {
    programs.set(name, expected);
    return buildProgram('functions', name, ['-g', ...flags]);
  }

  before(() => {
    build('fixed', ['-no-pie']);
    build('elsewhere', ['-Wl,-Ttext-segment=0x10000000']);
    build('one-segment', ['-Wl,-z,noseparate-code']);
    build('hidden-away', ['-Wl,-z,separate-code', '-Wl,--hash-style=sysv']);

    run('strip', '--strip-all', build('stripped', [], unknown));
    run('strip', '--strip-all', build('exporting', ['-rdynamic']));

    const linked = build('linked', []);
    run('objcopy', '--only-keep-debug', linked, join(testDirectory(), 'linked.dbg'));
    run('strip', '--strip-all', linked);
    run('objcopy', `--add-gnu-debuglink=${join(testDirectory(), 'linked.dbg')}`, linked);

    const mini = build('mini', []);
    const names = join(testDirectory(), 'mini.names');
    run('objcopy', '--only-keep-debug', mini, names);
    run('objcopy', '--strip-debug', names);
    run('xz', '-f', names);
    run('strip', '--strip-all', mini);
    run('objcopy', '--add-section', `.gnu_debugdata=${names}.xz`, mini);
  });

  /** Programs end before anything is printed. */
  async function traceAllocations(
    work: () => Promise<void>,
    ...argv: readonly string[]
  ): Promise<string> {
    const condition = [...programs.keys()].map((name) => `comm == "${name}"`).join(' || ');
    const { out } = await traced(
      [
        ...argv,
        '-e',
        `${PLAIN} uprobe:libc:malloc /(${condition}) && arg0 >= 1100 && arg0 < 1300/ { @[comm, ustack(4)] = count(); }`,
      ],
      work,
    );
    return out;
  }

  async function runOnce(path: string): Promise<void> {
    const program = await startProgram(path, '2');
    await program.work();
    await program.end();
  }

  test('programs that are gone have them, however they were linked and stripped', async () => {
    const out = await traceAllocations(async () => {
      for (const name of programs.keys()) await runOnce(join(testDirectory(), name));
    });
    for (const [name, expected] of programs) {
      assert.match(out, new RegExp(`^@\\[${name}, ${expected}\\]: 2$`, 'm'));
    }
  });

  test('a program is what it was when it was started, deleted or replaced as it may be', async () => {
    const deleted = build('deleted', []);
    const replaced = build('replaced', []);
    const other = buildProgram('late-library', 'other');
    const running = [await startProgram(deleted, '2'), await startProgram(replaced, '2')];
    rmSync(deleted);
    renameSync(other, replaced);
    const out = await traceAllocations(async () => {
      for (const program of running) await program.work();
    });
    for (const program of running) await program.end();
    for (const path of [deleted, replaced]) {
      assert.match(out, new RegExp(`^@\\[${basename(path)}, ${known}\\]: 2$`, 'm'));
      programs.delete(basename(path));
    }
  });

  test('debug information that was stripped off gives files and lines, by name and by build id', async () => {
    const path = buildProgram('functions', 'far-away', ['-g', '-Wl,--build-id']);
    const buildId = /Build ID: ([0-9a-f]+)/.exec(run('readelf', '-n', path))?.[1] ?? '';
    const directory = join(testDirectory(), 'debug', '.build-id', buildId.slice(0, 2));
    mkdirSync(directory, { recursive: true });
    run(
      'objcopy',
      '--only-keep-debug',
      '--compress-debug-sections=zstd',
      path,
      join(directory, `${buildId.slice(2)}.debug`),
    );
    run('strip', '--strip-all', path);
    const { out } = await traced(
      [
        '--debuginfo',
        join(testDirectory(), 'debug'),
        '-e',
        `uprobe:${path}:inner { @[ustack(2)] = count(); }`,
      ],
      () => runOnce(path),
    );
    assert.match(
      out,
      /^@\[\n {8}inner\+0@\S+functions\.c:1\d\n {8}(?:middle|outer)\+\d+@\S+functions\.c:[23]\d\n\]: 2$/m,
    );
  });

  test('libraries that are loaded late have names, also where stacks are unwound', async () => {
    const program = buildProgram('late-library', 'late', ['-fomit-frame-pointer']);
    const library = buildLibrary('late-function', 'late.so', ['-fomit-frame-pointer']);
    const running = await startProgram(program, library);
    const { out } = await traced(
      [
        '-p',
        String(running.pid),
        '-e',
        `${PLAIN} uprobe:${program}:called_back { @[dw_ustack] = count(); @u[ustack(1)] = count(); }`,
      ],
      async () => {
        await running.work();
        await running.work();
        await running.end();
      },
    );
    assert.match(
      out,
      /^@\[\n {8}called_back\+0\n {8}local_function\+\d+\n {8}late_function\+\d+\n {8}main\+\d+\n(?: {8}\S+\n)+\]: \d+$/m,
    );
    assert.match(out, /^@u\[\n {8}called_back\+0\n\]: 50$/m);
  });

  test('a library that is run from where it is in an archive has names, and can be probed there', async () => {
    const program = buildProgram('archived-library', 'archived');
    const library = buildLibrary('late-function', 'archived.so');
    const address = /^(\S+) T late_function$/m.exec(run('nm', library))?.[1] ?? '';
    const archive = join(testDirectory(), 'app.zip');
    const { bytes, offsets } = zipArchive({
      'readme.txt': Buffer.from('nothing'),
      'lib/late.so': readFileSync(library),
    });
    writeFileSync(archive, bytes);
    const running = await startProgram(
      program,
      archive,
      String(offsets.get('lib/late.so')),
      String(Number.parseInt(address, 16)),
    );
    const { out } = await traced(
      [
        '-e',
        `${PLAIN} uprobe:${program}:called_back { printf("%s", ustack(perf, 2)); @[ustack(3)] = count(); }
         uprobe:${archive}!/lib/late.so:late_* { @probed = count(); }`,
      ],
      async () => {
        await running.work();
        await running.end();
      },
    );
    assert.match(out, /^@\[\n {8}called_back\+0\n {8}late_function\+\d+\n {8}main\+\d+\n\]: 1$/m);
    assert.match(out, /^\t[0-9a-f]+ late_function\+\d+ \(\S+\/app\.zip!\/lib\/late\.so\)$/m);
    assert.match(out, /^@probed: 1$/m);
  });

  test('stubs that call libraries have the names of what they call', async () => {
    const path = buildProgram('functions', 'stubs', ['-fcf-protection=none', '-Wl,-z,lazy']);
    const stub = /^0*([0-9a-f]+) <malloc@plt>:$/m.exec(run('objdump', '-d', path))?.[1] ?? '';
    const { out } = await traced(
      ['-e', `uprobe:${path}:0x${stub} { @[usym(reg("ip")), ustack(1)] = count(); }`],
      () => runOnce(path),
    );
    assert.match(out, /^@\[malloc@plt, \n {8}malloc@plt\+0\n\]: \d+$/m);
  });

  test('nothing is kept of processes where the user wants that', async () => {
    const path = buildProgram('functions', 'forgotten');
    for (const [kept, expected] of [
      ['PER_PID', /^@\[inner, \n {8}inner\+0\n\]: 2$/m],
      ['PER_PROGRAM', /^@\[inner, \n {8}inner\+0\n\]: 2$/m],
      ['NONE', /^@\[0x[0-9a-f]+, \n {8}0x[0-9a-f]+\n\]: 2$/m],
    ] as const) {
      const config = `config = { cache_user_symbols = "${kept}"; show_debug_info = 0 }`;
      const program = `${config} uprobe:${path}:inner { @[usym(reg("ip")), ustack(1)] = count(); }`;
      const gone = await traced(['-e', program], () => runOnce(path));
      assert.match(gone.out, expected, kept);
    }
    const running = await startProgram(path, '2');
    const program = `config = { cache_user_symbols = "NONE"; show_debug_info = 0 } uprobe:${path}:inner { printf("%s;", usym(reg("ip"))); @[ustack(1)] = count(); }`;
    const { out } = await traced(['-e', program], () => running.work());
    await running.end();
    assert.match(out, /^inner;inner;\n\n@\[\n {8}inner\+0\n\]: 2$/m);
  });

  test('code that a program makes has the names it lists, as it lists them', async () => {
    const path = buildProgram('made-code', 'made-code');
    let list = '';
    const { out } = await traced(
      [
        '-e',
        `${PLAIN} uprobe:${path}:inner { @[ustack(4)] = count(); printf("%s", ustack(perf, 3)); }`,
      ],
      async () => {
        const program = await startProgram(path);
        await program.work();
        await program.end();
        list = `/tmp/perf-${program.pid}.map`;
      },
    );
    rmSync(list);
    for (const n of [1, 2]) {
      assert.match(
        out,
        new RegExp(
          `^@\\[\\n {8}inner\\+0\\n(?: {8}outer\\+\\d+\\n)? {8}made function ${n}\\+6\\n {8}main\\+\\d+\\n(?: {8}\\S+\\n)?\\]: 1$`,
          'm',
        ),
      );
      assert.match(
        out,
        new RegExp(`^\\t[0-9a-f]+ made function ${n}\\+6 \\(\\[unknown\\]\\)$`, 'm'),
      );
    }
  });

  test('a program in a mount namespace of its own is found by its path there, and named when it is gone', async () => {
    const program = buildProgram('functions', 'boxed', ['-static', '-g']);
    const root = join(testDirectory(), 'root');
    for (const name of ['bin', 'old', 'tmp']) mkdirSync(join(root, name), { recursive: true });
    copyFileSync(program, join(root, 'bin', 'boxed-in'));
    const enter = `mount --bind ${root} ${root} && cd ${root} && pivot_root . old && exec /bin/boxed-in 2`;
    const running = await startProgram('unshare', '-m', 'sh', '-c', enter);
    const { out } = await traced(
      [
        '-p',
        String(running.pid),
        '-e',
        `${PLAIN} uprobe:/bin/boxed-in:inner { @[ustack(4)] = count(); printf("%s", ustack(perf, 1)); }`,
      ],
      async () => {
        await running.work();
        await running.end();
      },
    );
    assert.match(out, new RegExp(`^@\\[\\n {8}inner\\+0\\n {8}${CALLERS}\\n\\]: 2$`, 'm'));
    assert.match(out, /^\t[0-9a-f]+ inner\+0 \(\/bin\/boxed-in\)$/m);
  });

  test('code that a program makes in a container has names when the container is gone', async () => {
    buildProgram('made-code', 'contained');
    // Its own /tmp hides the program, which is reached by the folder it was in. It has room for its code for a second
    // before it makes some, and is gone as soon as that has run.
    const enter = `cd ${testDirectory()} && mount -t tmpfs none /tmp && { sleep 1; echo; } | ./contained`;
    const options = ['-p', '-f', '-m', '--mount-proc', 'sh', '-c', enter];
    const { out } = await traced(
      [
        '-e',
        `${PLAIN} uprobe:${join(testDirectory(), 'contained')}:inner { @[ustack(4)] = count(); }`,
      ],
      () => promisify(execFile)('unshare', options),
    );
    for (const n of [1, 2]) {
      assert.match(out, new RegExp(`^@\\[\\n(?: {8}\\S+\\n)* {8}made function ${n}\\+6\\n`, 'm'));
    }
  });

  test('what a list of made code may be put to does not matter', async () => {
    const path = buildProgram('made-code', 'bad-list');
    const { out } = await traced(
      ['-e', `${PLAIN} uprobe:${path}:inner { @[ustack(4)] = count(); }`],
      async () => {
        const program = await startProgram(path);
        const list = `/tmp/perf-${program.pid}.map`;
        const target = join(testDirectory(), 'elsewhere.map');
        writeFileSync(target, '');
        symlinkSync(target, list);
        await program.work();
        await program.end();
        rmSync(list, { force: true });
      },
    );
    assert.match(
      out,
      /^@\[\n {8}inner\+0\n(?: {8}outer\+\d+\n)? {8}0x[0-9a-f]+\n(?: {8}\S+\n)*\]: 1$/m,
    );
  });
});
