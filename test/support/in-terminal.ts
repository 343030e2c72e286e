/** A command as a person runs it: on a terminal, of which everything that reached it is kept. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BpfleetProcess } from './bpfleet-process.ts';

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `script` of util-linux gives it a terminal. Standard error is on it too. In Latin-1, a character for each byte. */
export async function inTerminal(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  onOutput: (saidSoFar: string) => void = () => undefined,
): Promise<string> {
  const command = [...BpfleetProcess.command, ...argv].map(quoted).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{ NODE_TEST_CONTEXT: undefined, HOME: '/nonexistent', TERM: 'xterm', SHELL: '/bin/sh' },
      ...environment,
    },
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => {
    said += part.toString('latin1');
    onOutput(said);
  });
  await once(child, 'close');
  return said;
}
