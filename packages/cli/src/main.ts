/** The `bpfleet` process: arguments, environment and signals in, text and exit code out. */
import { readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isatty } from 'node:tty';
import { decodeText, systemReason } from '@bpfleet/protocol';
import { descriptorWriter } from './descriptor-writer.ts';
import { readProgramInput } from './read-program.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

function interruptSource(): Pick<Terminal, 'onInterrupt' | 'whileBusy'> {
  const listeners = new Set<() => void>();
  const handlers = Object.entries(SIGNAL_NUMBERS).map(([signal, number]) => {
    const handler = (): void => {
      if (listeners.size === 0) process.exit(128 + number);
      for (const listener of listeners) listener();
    };
    return [signal, handler] as const;
  });
  let handled = false;
  const handle = (): void => {
    if (handled) return;
    handled = true;
    for (const [signal, handler] of handlers) process.on(signal, handler);
  };
  const leave = (): void => {
    handled = false;
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
  handle();
  // The kernel ends a process that does not listen, though it is busy; but not the first one of a container.
  const canLeave = process.pid !== 1;
  return {
    onInterrupt: (listener) => {
      handle();
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && canLeave) leave();
      };
    },
    whileBusy: (work) => {
      if (canLeave) leave();
      try {
        return work();
      } finally {
        if (canLeave) handle();
      }
    },
  };
}

function wantsColor(setting: string | undefined): boolean {
  if (setting === 'always' || setting === 'never') return setting === 'always';
  if (setting !== undefined && setting !== 'auto') {
    descriptorWriter(
      STDERR,
      () => undefined,
    )(
      `WARNING: Invalid env value! The valid values of \`BPFTRACE_COLOR\` are [auto|always|never]. The current value is ${setting}!\n`,
    );
  }
  return isatty(STDOUT) && isatty(STDERR);
}

/** The name in the audit; a container's user may have none. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** A terminal that does not know its size says 0. */
function screenSize({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

/** A reader that has gone, such as `head`, has all it wants. */
function endWithoutOutput(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(0);
  descriptorWriter(STDERR, () => undefined)(`ERROR: standard output: ${systemReason(error)}\n`);
  process.exit(1);
}

async function askPerson(question: string): Promise<string> {
  if (!isatty(STDIN)) return '';
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(''));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

function processTerminal(): Terminal {
  const { env } = process;
  const out = descriptorWriter(STDOUT, endWithoutOutput);
  return {
    out,
    draw: out,
    err: descriptorWriter(STDERR, () => undefined),
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    readInput: () => readProgramInput(process.stdin),
    ask: askPerson,
    size: isatty(STDOUT) ? () => screenSize(process.stdout) : undefined,
    color: wantsColor(env['BPFTRACE_COLOR']),
    environment: env,
    homeDirectory: homedir(),
    userName: userName(),
    ...interruptSource(),
    onReload: (listener) => {
      process.on('SIGHUP', listener);
      return () => process.off('SIGHUP', listener);
    },
    onUserSignal: (listener) => process.on('SIGUSR1', listener),
  };
}

/** What is no UTF-8 is lost in `process.argv`; the kernel has it. */
function rawArguments(): readonly string[] {
  const given = process.argv.slice(2);
  if (!given.some((argument) => argument.includes('\ufffd'))) return given;
  const bytes = readFileSync('/proc/self/cmdline');
  const words = decodeText(bytes).split('\0').slice(0, -1);
  return words.slice(words.length - given.length);
}

async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv[0] === 'local') {
    const { localCommand } = await import('./commands/local.ts');
    return localCommand(argv.slice(1), terminal);
  }
  const { fleetCommand } = await import('./commands/fleet.ts');
  return fleetCommand(argv, terminal);
}

/** What nobody expected is a bug of ours: then the exit code says so, and one line instead of a stack. */
async function fail(error: unknown): Promise<never> {
  const { OWN_FAULT_EXIT_CODE, ownFaultText, systemErrorText } = await import('@bpfleet/protocol');
  const bug = ownFaultText(error, VERSION);
  if (bug !== undefined) {
    terminal.err(`${bug}\n`);
    process.exit(OWN_FAULT_EXIT_CODE);
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`ERROR: ${systemErrorText(error) ?? message}\n`);
  process.exit(1);
}

const terminal = processTerminal();
process.on('uncaughtException', (error) => void fail(error));

main(rawArguments(), terminal).then(
  (code) => process.exit(code),
  (error: unknown) => fail(error),
);
