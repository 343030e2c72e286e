/** bpftrace's command line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLocalOptions, type LocalCommandLine } from '../src/local-options.ts';

type RunLine = Extract<LocalCommandLine, { kind: 'run' }>;

function run(...argv: readonly string[]): RunLine {
  const line = parseLocalOptions(argv);
  assert.equal(line.kind, 'run');
  return line;
}

test('-e gives the program and operands its parameters', () => {
  const { program, options } = run('-e', 'BEGIN {}', 'a', '7');
  assert.deepEqual(program, { kind: 'text', text: 'BEGIN {}' });
  assert.deepEqual(options.parameters, ['a', '7']);
});

test('the first operand is the file where -e is missing', () => {
  const { program, options } = run('x.bt', 'a');
  assert.deepEqual(program, { kind: 'file', path: 'x.bt' });
  assert.deepEqual(options.parameters, ['a']);
});

test('a dash reads the program from standard input', () => {
  assert.deepEqual(run('-').program, { kind: 'file', path: '-' });
});

test('flags are off, warnings at 1 and output text by lines unless said otherwise', () => {
  const { options } = run('-e', 'BEGIN {}');
  assert.deepEqual(options, {
    info: false,
    format: 'text',
    bufferMode: 'line',
    quiet: false,
    verbose: false,
    debugStages: [],
    unsafe: false,
    dryRun: false,
    warnings: 1,
    parameters: [],
    namedParameters: [],
    includeDirectories: [],
    includeFiles: [],
    debugDirectories: [],
    unwoundPids: [],
    disabledFeatures: [],
    usdtFileActivation: false,
  });
});

test('every option reaches the runner', () => {
  const { options } = run(
    ...['-qv', '-f', 'json', '-o', 'out', '-B', 'none', '-p', '42', '-k', '--unsafe'],
    ...['--dry-run', '-d', 'ast,codegen', '-e', 'BEGIN {}'],
    ...['-I', 'a', '-I', 'b', '--include', 'x.h', '--debuginfo', 'c:d', '--debuginfo=e'],
    ...['--dwarf-pid', '7', '--no-feature', 'kprobe_multi,uprobe_multi'],
    ...['--usdt-file-activation', '--traceable-functions', 'list', '--probe-filter', 'a.*'],
    ...['--test', '--verify-llvm-ir', '-b'],
  );
  assert.deepEqual(options, {
    info: false,
    format: 'json',
    outputPath: 'out',
    bufferMode: 'none',
    quiet: true,
    verbose: true,
    debugStages: ['ast', 'ir'],
    pid: 42,
    unsafe: true,
    dryRun: true,
    warnings: 2,
    parameters: [],
    namedParameters: [],
    includeDirectories: ['a', 'b'],
    includeFiles: ['x.h'],
    debugDirectories: ['c', 'd', 'e'],
    unwoundPids: [7],
    disabledFeatures: ['kprobeMulti', 'uprobeMulti'],
    usdtFileActivation: true,
    traceableFunctionsPath: 'list',
    probeFilter: 'a.*',
    trial: 'test',
  });
});

test('parameters with two dashes are named', () => {
  const { options } = run('x.bt', 'a', '--', '--name=1', 'b', '--flag');
  assert.deepEqual(options.parameters, ['a', 'b']);
  assert.deepEqual(options.namedParameters, ['name=1', 'flag']);
});

test('--fmt and --mode format lay a program out anew', () => {
  const expected = { kind: 'format', program: { kind: 'file', path: 'x.bt' }, outputPath: 'y.bt' };
  assert.deepEqual(parseLocalOptions(['--fmt', 'x.bt', '-o', 'y.bt']), expected);
  assert.deepEqual(parseLocalOptions(['--mode', 'format', '-o', 'y.bt', 'x.bt']), expected);
});

test('--aot compiles, and writes an executable', () => {
  const line = parseLocalOptions(['--aot', 'f', '-e', 'x']);
  assert.equal(line.kind, 'write-executable');
  assert.equal(line.path, 'f');
  assert.equal(line.options.compileOnly, 'once');
});

test('-c names the command to trace', () => {
  assert.equal(run('-c', 'sleep 1', '-e', 'BEGIN {}').options.command, 'sleep 1');
});

test('-lv lists with arguments', () => {
  assert.deepEqual(run('-lv', 'kprobe:vfs_*').options.list, {
    pattern: 'kprobe:vfs_*',
    arguments: true,
  });
});

test('-l alone and -l with a star list everything', () => {
  assert.deepEqual(run('-l').options.list, { arguments: false });
  assert.deepEqual(run('-l', '*').options.list, { arguments: false });
});

test('--info needs no program', () => {
  const { program, options } = run('--info');
  assert.equal(program, undefined);
  assert.equal(options.info, true);
});

test('help and version win over what follows', () => {
  assert.equal(parseLocalOptions(['-h', '-x']).kind, 'fault');
  assert.equal(parseLocalOptions(['-h', '-e', 'x']).kind, 'help');
  assert.equal(parseLocalOptions(['--version']).kind, 'version');
});

const faults: readonly (readonly [readonly string[], RegExp])[] = [
  [['-v'], /^USAGE: filename or -e 'program' required\.$/],
  [['-p', '1', '-c', 'x', '-e', 'x'], /^USAGE: Cannot use both -c and -p\.$/],
  [['-kk', '-e', 'x'], /^USAGE: -kk has been deprecated/],
  [['-k', '--no-warnings', '-e', 'x'], /^USAGE: -k, --warnings conflicts with --no-warnings$/],
  [['--no-warnings', '-k', '-e', 'x'], /^USAGE: -k, --warnings conflicts with --no-warnings$/],
  [['-B', 'half', '-e', 'x'], /^USAGE: -B must be either 'line', 'full', or 'none'\.$/],
  [['-f', 'xml', '-e', 'x'], /^Invalid output format "xml"/],
  [['-d', 'nope', '-e', 'x'], /^USAGE: invalid option for -d: nope$/],
  [['-p', 'abc', '-e', 'x'], /^Failed to parse pid/],
  [['-p', '99999999', '-e', 'x'], /^Pid out of range: 99999999$/],
  [['-p', '12x', '-e', 'x'], /^Failed to parse pid: invalid trailing bytes: 12x$/],
  [['--emit-llvm', 'f', '-e', 'x'], /^--emit-llvm: bpfleet compiles to BPF itself/],
  [['--no-feature', 'x', '-e', 'x'], /^USAGE: --no-feature can only have values/],
  [['--mode', 'x', '-e', 'x'], /^USAGE: --mode can only be/],
  [['--test', '--fmt', 'x'], /^USAGE: --fmt conflicts with existing --mode$/],
  [['-k', '--aot', 'f', '-e', 'x'], /^Cannot use -k with --aot$/],
  [['-e', ''], /^USAGE: filename or -e 'program' required\.$/],
  [['-l', 'a', 'b'], /^$/],
];

for (const [argv, message] of faults) {
  test(`the command line ${argv.join(' ')} is refused`, () => {
    const line = parseLocalOptions(argv);
    assert.equal(line.kind, 'fault');
    assert.match(line.message, message);
  });
}
