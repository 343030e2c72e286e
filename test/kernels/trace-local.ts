/** Runs `bpfleet local` on a process that does a known thing after the probes are attached. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLI = join(process.cwd(), 'packages/cli/bin/bpfleet.js');

export interface Finished {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number | null;
}

/** A program of test/support/programs, which stops itself before the thing to be traced. */
export async function stoppedProgram(
  name: string,
  ...parameters: readonly string[]
): Promise<ChildProcess> {
  const folder = process.env['BPFLEET_TEST_PROGRAMS'] ?? '';
  const child = spawn(join(folder, name), parameters, { stdio: 'ignore' });
  await once(child, 'spawn');
  while (!/^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return child;
}

/** Runs the command to its end, or until `onAttached` has run, after which it is interrupted. */
export async function bpfleetLocal(
  argv: readonly string[],
  onAttached?: () => Promise<void>,
): Promise<Finished> {
  const tracer = spawn(process.execPath, [CLI, 'local', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  tracer.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const attached = new Promise<boolean>((resolve) => {
    tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      if (err.includes('Attached ')) resolve(true);
    });
    tracer.once('exit', () => resolve(false));
  });
  const closed = once(tracer, 'close');
  if (onAttached !== undefined && (await attached)) {
    await onAttached();
    tracer.kill('SIGINT');
  }
  const [exitCode] = (await closed) as [number | null];
  return { out, err, exitCode };
}

/** Lets a stopped program go while it is traced with `$1` as its pid; gives the program's maps. */
export async function traceProgram(
  source: string,
  name: string,
  ...parameters: readonly string[]
): Promise<string> {
  const program = await stoppedProgram(name, ...parameters);
  const ended = once(program, 'exit');
  const { out, err, exitCode } = await bpfleetLocal(
    ['-e', source, String(program.pid)],
    async () => {
      program.kill('SIGCONT');
      await ended;
    },
  );
  program.kill('SIGKILL');
  await ended;
  assert.equal(exitCode, 0, err);
  return out;
}
