/** Runs one tool under its load, and judges what it printed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ToolCheck } from './tool-checks.ts';

export type Verdict =
  { readonly kind: 'passed' } | { readonly kind: 'failed' | 'skipped'; readonly reason: string };

export interface ToolRun {
  /** The command that runs a script: `bpfleet local`. */
  readonly command: readonly string[];
  readonly script: string;
  /** From start to attached, and from there to the output. */
  readonly timeoutMs: number;
}

/** For the output of one load to arrive. */
const SETTLE_MS = 300;
const ATTACHED = '__BPFTRACE_NOTIFY_PROBES_ATTACHED';
/** What is said of probes and symbols that this kernel does not have. */
const MISSING =
  /no kprobes in this kernel|no such (?:event|function|symbol)|not traceable|not found|resolve kernel symbol/;

const TRACEABLE = '/sys/kernel/tracing/available_filter_functions';

/** The functions that can be traced, which are fewer than /proc/kallsyms lists; where that is not told, all. */
function functionNames(): ReadonlySet<string | undefined> {
  try {
    const lines = readFileSync(TRACEABLE, 'latin1').split('\n');
    return new Set(lines.map((line) => line.split(' ')[0]));
  } catch {
    const lines = readFileSync('/proc/kallsyms', 'latin1').split('\n');
    return new Set(lines.map((line) => line.split(/[ \t]/)[2]));
  }
}

/** Where the functions of an old tool are gone, it is skipped, and what it does with others in their place is told. */
export async function runTool(check: ToolCheck, run: ToolRun): Promise<Verdict> {
  const { functions = {}, reason = '' } = check.outdated ?? {};
  const known = functionNames();
  const gone = Object.keys(functions).filter((name) => !known.has(name));
  if (gone.length === 0) return traceTool(check, run);
  if (!Object.values(functions).every((name) => known.has(name))) {
    return { kind: 'skipped', reason };
  }
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-tool-'));
  const script = join(folder, basename(check.tool));
  const text = readFileSync(run.script, 'utf8');
  writeFileSync(
    script,
    text.replaceAll(/\bkprobe:(\w+)/g, (all, name: string) => {
      const other = gone.includes(name) ? functions[name] : undefined;
      return other === undefined ? all : `kprobe:${other}`;
    }),
  );
  const verdict = await traceTool(check, { ...run, script });
  rmSync(folder, { recursive: true });
  if (verdict.kind !== 'passed') return verdict;
  const others = [...new Set(Object.values(functions))].join(' and ');
  return { kind: 'skipped', reason: `${reason}; it prints with ${others} instead` };
}

async function traceTool(check: ToolCheck, run: ToolRun): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-tool-'));
  writeFileSync(join(folder, 'owned'), 'text\n');
  const tracer = new Tracer(run);
  try {
    const attached = await tracer.until((out) => out.includes(ATTACHED), run.timeoutMs);
    if (!attached) {
      // All that it says is there once it has ended.
      await tracer.interrupt();
      return notAttached(tracer, check.outdated);
    }
    const deadline = performance.now() + run.timeoutMs;
    do {
      spawnSync('bash', ['-c', check.load], {
        stdio: 'ignore',
        timeout: run.timeoutMs,
        env: { ...process.env, TMP: folder },
      });
    } while (
      check.atEnd !== true &&
      check.attachOnly !== true &&
      performance.now() < deadline &&
      !(await tracer.until((out) => check.prints.test(out), SETTLE_MS))
    );
    const exitCode = await tracer.interrupt();
    if (exitCode !== 0) return { kind: 'failed', reason: `exit code ${exitCode}: ${tracer.err}` };
    if (check.prints.test(tracer.out)) return { kind: 'passed' };
    return {
      kind: 'failed',
      reason: `printed nothing like ${check.prints}:\n${tracer.out.slice(-2000)}${tracer.err}`,
    };
  } finally {
    await tracer.interrupt();
    rmSync(folder, { recursive: true });
  }
}

/** Skipped if nothing but missing probes kept it from being attached. */
function notAttached({ out, err }: Tracer, outdated: ToolCheck['outdated']): Verdict {
  const errors = [...err.matchAll(/ERROR: (?!Unable to attach probe)(.*)/g)].map(
    ([, message = '']) => message,
  );
  if (outdated?.error !== undefined && errors.some((message) => outdated.error?.test(message))) {
    return { kind: 'skipped', reason: outdated.reason };
  }
  if (errors.length > 0 && errors.every((message) => MISSING.test(message))) {
    return { kind: 'skipped', reason: errors[0] ?? '' };
  }
  return {
    kind: 'failed',
    reason: `not attached:
${out}${err}`,
  };
}

class Tracer {
  out = '';
  err = '';
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor({ command: [program = '', ...argv], script }: ToolRun) {
    this.#process = spawn(program, [...argv, '--unsafe', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, [ATTACHED]: '1' },
    });
    this.#ended = once(this.#process, 'close');
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
  }

  /** Whether the output came to satisfy before the time was over, or the process ended. */
  async until(satisfied: (out: string) => boolean, timeoutMs: number): Promise<boolean> {
    const signal = AbortSignal.timeout(timeoutMs);
    while (!satisfied(this.out)) {
      if (this.#process.exitCode !== null || signal.aborted) return satisfied(this.out);
      const { stdout } = this.#process;
      if (stdout === null) return false;
      await Promise.race([once(stdout, 'data', { signal }), this.#ended]).catch(() => undefined);
    }
    return true;
  }

  async interrupt(): Promise<number | null> {
    if (this.#process.exitCode === null) this.#process.kill('SIGINT');
    await this.#ended;
    return this.#process.exitCode;
  }
}
