/**
 * Traces a process that does a known thing after the probes are attached. Loading modules takes many seconds under
 * emulation, so most cases run in this process, the way `bpfleet local` does once it has read its arguments.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLocal, type LocalOptions } from '@bpfleet/agent/local';

const CLI = join(process.cwd(), 'packages/cli/bin/bpfleet.js');

const OPTIONS: LocalOptions = {
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
};

export interface Finished {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number | null;
}

/** A program of test/support/programs, which stops itself before the thing to be traced. */
async function stoppedProgram(name: string, parameters: readonly string[]): Promise<ChildProcess> {
  const folder = process.env['BPFLEET_TEST_PROGRAMS'] ?? '';
  const child = spawn(join(folder, name), parameters, { stdio: 'ignore' });
  await once(child, 'spawn');
  while (!/^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return child;
}

/** Runs to the end, or until `onAttached` has run, after which it is interrupted. */
export async function local(
  options: Partial<LocalOptions>,
  onAttached: () => Promise<void> = () => Promise.resolve(),
): Promise<Finished> {
  let out = '';
  let err = '';
  const interrupt = new AbortController();
  let attached: Promise<void> | undefined;
  const exitCode = await runLocal(
    { ...OPTIONS, ...options },
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
        if (err.includes('Attached ')) attached ??= onAttached().then(() => interrupt.abort());
      },
      environment: {},
      interrupt: interrupt.signal,
      onUserSignal: () => {},
      color: false,
    },
  );
  await attached;
  return { out, err, exitCode };
}

/** The same through the command line, in a process of its own. */
export async function bpfleetLocal(
  argv: readonly string[],
  onAttached: () => Promise<void>,
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
  if (await attached) {
    await onAttached();
    tracer.kill('SIGINT');
  }
  const [exitCode] = (await closed) as [number | null];
  return { out, err, exitCode };
}

/**
 * Lets a stopped program go while it is traced.
 *
 * @param trace gets the program's pid, and what lets the program go and waits for its end
 * @returns what the tracer printed
 */
export async function traceProgram(
  [name = '', ...parameters]: readonly string[],
  trace: (pid: string, runProgram: () => Promise<void>) => Promise<Finished>,
): Promise<string> {
  const program = await stoppedProgram(name, parameters);
  const ended = once(program, 'exit');
  const { out, err, exitCode } = await trace(String(program.pid), async () => {
    program.kill('SIGCONT');
    await ended;
  });
  program.kill('SIGKILL');
  await ended;
  assert.equal(exitCode, 0, err);
  return out;
}
