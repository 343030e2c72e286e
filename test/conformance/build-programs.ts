/** Compiles the programs that the cases of a checkout trace, as its own build does; needs gcc, g++ and objcopy. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, parse } from 'node:path';

const FLAGS = ['-g', '-O0', '-fno-omit-frame-pointer', '-mno-omit-leaf-frame-pointer'];
/** Stacks of these are found without frame pointers. */
const NO_FRAME_POINTER_FLAGS = ['-g', '-O1', '-fomit-frame-pointer', '-fno-optimize-sibling-calls'];
const FORMS = [
  { suffix: '', flags: ['-no-pie'] },
  { suffix: '-pie', flags: ['-fpie', '-pie'] },
];

interface Folders {
  /** `tests` of the checkout. */
  readonly sources: string;
  readonly programs: string;
  readonly libraries: string;
}

function run(command: string, argv: readonly string[], directory: string): void {
  execFileSync(command, argv, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Wherever the checkout is: cases expect no more in a path than letters, digits and slashes. */
function prefixMap({ sources }: Folders): string {
  return `-ffile-prefix-map=${sources}=/tests`;
}

function has(command: string): boolean {
  return spawnSync('/bin/sh', ['-c', `command -v ${command}`]).status === 0;
}

function sourcesIn(folder: string, ...extensions: readonly string[]): string[] {
  return readdirSync(folder).filter((name) => extensions.includes(parse(name).ext));
}

/** Not executable: libraries need not be. */
function buildLibraries(folders: Folders): void {
  const { sources, libraries } = folders;
  for (const source of sourcesIn(join(sources, 'testlibs'), '.c')) {
    const output = join(libraries, `lib${parse(source).name}.so`);
    run(
      'gcc',
      [
        ...['-g', '-O0', '-fPIC', '-shared', prefixMap(folders)],
        ...[`-I${join(sources, 'include')}`, '-o', output, source],
      ],
      join(sources, 'testlibs'),
    );
    chmodSync(output, 0o644);
  }
}

function buildExecutables(folders: Folders): void {
  const { sources, programs, libraries } = folders;
  const folder = join(sources, 'testprogs');
  for (const source of sourcesIn(folder, '.c', '.cpp')) {
    const { name, ext } = parse(source);
    for (const { suffix, flags } of FORMS) {
      run(
        ext === '.cpp' ? 'g++' : 'gcc',
        [
          ...(name === 'uprobe_nofp' ? NO_FRAME_POINTER_FLAGS : FLAGS),
          ...flags,
          prefixMap(folders),
          ...['-Wl,--build-id', '-pthread', `-I${join(sources, 'include')}`],
          ...['-o', join(programs, `${name}${suffix}`), join(folder, source)],
          ...(name === 'usdt_lib'
            ? [`-I${join(sources, 'testlibs')}`, `-L${libraries}`, '-lusdt_tp']
            : []),
          ...(name === 'usdt_lib' ? [`-Wl,-rpath,${libraries}`] : []),
        ],
        programs,
      );
    }
  }
}

/** Of languages that not every machine has a compiler for. */
function buildOthers({ sources, programs }: Folders): void {
  const folder = join(sources, 'testprogs');
  if (has('go')) run('go', ['build', '-o', join(programs, 'hello_go'), 'hello_go.go'], folder);
  if (has('rustc')) {
    const output = join(programs, 'hello_rust');
    run('rustc', ['-C', 'symbol_mangling_version=v0', '-o', output, 'hello_rust.rs'], folder);
  }
}

/** Programs whose debug information is elsewhere, a file of bare code, and an archive. */
function deriveOthers({ sources, programs }: Folders): void {
  const strip = (name: string, debug: string): void => {
    run('objcopy', ['--only-keep-debug', name, debug], programs);
    run('objcopy', ['--strip-debug', name, `${name}-stripped`], programs);
  };
  strip('uprobe_test', 'external_debug/uprobe_test-stripped.debug');
  const linked = '.debug/uprobe_separate_debug-stripped.debug';
  strip('uprobe_separate_debug', linked);
  run('objcopy', [`--add-gnu-debuglink=${linked}`, 'uprobe_separate_debug-stripped'], programs);

  const split = (folder: string): void => {
    const source = join(sources, 'testprogs/uprobe_test.c');
    const output = `external_debug/${folder}/uprobe_test-split`;
    run('gcc', ['-g', '-O0', '-gsplit-dwarf', source, '-o', output], programs);
  };
  split('dwo');
  if (has('llvm-dwp')) {
    split('dwp');
    const program = 'external_debug/dwp/uprobe_test-split';
    run('llvm-dwp', ['-e', program, '-o', `${program}.dwp`], programs);
    const folder = join(programs, 'external_debug/dwp');
    for (const name of sourcesIn(folder, '.dwo')) rmSync(join(folder, name));
  }

  run('gcc', ['-c', join(sources, 'testprogs/false.c'), '-o', 'false.o'], programs);
  run(
    'objcopy',
    ['-S', '--only-section=.text', '--keep-symbol=main', '-O', 'binary', 'false.o', 'false.bin'],
    programs,
  );
  rmSync(join(programs, 'false.o'));
  if (has('zip')) run('zip', ['-q', '-0', '-j', 'archive.zip', 'true'], programs);
}

/** @param directory receives `testprogs` and `testlibs` */
export function buildPrograms(sources: string, directory: string): void {
  const folders: Folders = {
    sources,
    programs: join(directory, 'testprogs'),
    libraries: join(directory, 'testlibs'),
  };
  for (const folder of ['testlibs', 'testprogs/.debug', 'testprogs/external_debug/dwo']) {
    mkdirSync(join(directory, folder), { recursive: true });
  }
  mkdirSync(join(directory, 'testprogs/external_debug/dwp'), { recursive: true });
  if (!existsSync(join(sources, 'testprogs'))) throw new Error(`no test programs in ${sources}`);
  buildLibraries(folders);
  buildExecutables(folders);
  buildOthers(folders);
  deriveOthers(folders);
}
