/** The `bpfleet` process: arguments, environment and signals in, text and exit code out. */
import { homedir, userInfo } from 'node:os';
import type { Terminal } from './terminal.ts';

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

function write(stream: NodeJS.WriteStream): (text: string) => void {
  return (text) => {
    if (text !== '') stream.write(text);
  };
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function interruptSource(): Terminal['onInterrupt'] {
  const listeners = new Set<() => void>();
  for (const [signal, number] of Object.entries(SIGNAL_NUMBERS)) {
    process.on(signal, () => {
      if (listeners.size === 0) process.exit(128 + number);
      for (const listener of listeners) listener();
    });
  }
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

function wantsColor(setting: string | undefined): boolean {
  if (setting === 'always' || setting === 'never') return setting === 'always';
  return process.stdout.isTTY && process.stderr.isTTY;
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

function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return {
    out: write(stdout),
    err: write(stderr),
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    readInput,
    size: stdout.isTTY ? () => screenSize(stdout) : undefined,
    color: wantsColor(env['BPFTRACE_COLOR']),
    environment: env,
    homeDirectory: homedir(),
    userName: userName(),
    onInterrupt: interruptSource(),
    onUserSignal: (listener) => process.on('SIGUSR1', listener),
  };
}

async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv[0] === 'local') {
    const { localCommand } = await import('./commands/local.ts');
    return localCommand(argv.slice(1), terminal);
  }
  const { fleetCommand } = await import('./commands/fleet.ts');
  return fleetCommand(argv, terminal);
}

/** Exits once everything printed has left; whoever reads it may be slow, or gone. */
function exit(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

main(process.argv.slice(2), processTerminal()).then(exit, (error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`ERROR: ${message}\n`);
  exit(1);
});
