/** `bpfleet local` as its user runs it: the real CLI, in a process of its own. */
import assert from 'node:assert/strict';
import { BpfleetProcess, type Finished, type LaunchOptions } from './bpfleet-process.ts';

type Environment = Readonly<Record<string, string>>;

/** Runs the command until it ends of itself. */
export function local(
  argv: readonly string[],
  environment: Environment = {},
  options: LaunchOptions = {},
): Promise<Finished> {
  return new BpfleetProcess(['local', ...argv], environment, options).finished();
}

/** What a program that ends of itself prints; nothing went wrong, and nothing was said about it. */
export async function printed(program: string, ...parameters: readonly string[]): Promise<string> {
  const { out, err, exitCode } = await local(['-q', '-e', program, ...parameters]);
  assert.equal(err, '');
  assert.equal(exitCode, 0);
  return out;
}

/** Starts the command, and resolves when its probes are attached. */
export async function attached(
  argv: readonly string[],
  environment: Environment = {},
): Promise<BpfleetProcess> {
  const started = new BpfleetProcess(['local', ...argv], environment);
  try {
    await started.printed(/^Attached \d+ probes?$|^\{"type": "attached_probes"/m);
    return started;
  } catch (error) {
    await started.kill('SIGKILL');
    throw error;
  }
}

/** Traces while `work` is done, then interrupts; nothing went wrong. Not for `-q`, which hides that probes are attached. */
export async function traced(
  argv: readonly string[],
  work: () => Promise<unknown>,
): Promise<Finished> {
  const tracer = await attached(argv);
  try {
    await work();
  } finally {
    await tracer.kill('SIGINT');
  }
  const finished = await tracer.finished();
  assert.equal(finished.exitCode, 0, finished.err);
  return finished;
}
