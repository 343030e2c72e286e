/** A process that takes one name after the other, each an attack, and calls the kernel under it with a path that is one too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Of at most 15 bytes, as the kernel keeps them; in Latin-1, a character for each byte. */
export const HOSTILE_NAMES: readonly string[] = [
  '\u001b[2J\u001b]0;x\u0007',
  // The same commands as single characters of C1, and what is no UTF-8.
  '\u00c2\u009b2J\u00ff',
  // U+202E, which turns text around.
  'a\u00e2\u0080\u00aegpj.exe',
  'good\rbad\nworse',
  '"><script>a()//',
  "'onload='a()",
  "=cmd|'/C x'!A0",
  '+1+cmd|x',
  '-2+3+cmd|x',
  '@SUM(1,2)',
  '\t=1+1',
  "';DROP TABLE x",
  'a"} 1\nup{b="',
  '`|*_a_*|[x](y)',
  '${jndi:ldap://',
];

const CALLS_EACH = 3;
/** Of chdir(2). */
export const HOSTILE_CALLS: number = CALLS_EACH * HOSTILE_NAMES.length;

const SOURCE = `
const { writeFileSync } = require('node:fs');
const names = ${JSON.stringify(HOSTILE_NAMES)};
process.stdin.once('data', () => {
  for (const name of names) {
    writeFileSync('/proc/self/comm', Buffer.from(name, 'latin1'));
    for (let call = 0; call < ${CALLS_EACH}; call++) {
      try { process.chdir('/nowhere/' + name.replaceAll('\\0', '')); } catch {}
    }
  }
  console.log('done');
});
setInterval(() => {}, 1000);
`;

export interface HostileProcess extends Disposable {
  readonly pid: number;
  /** Resolves when it has called under all its names. */
  readonly run: () => Promise<void>;
}

export function startHostileProcess(): HostileProcess {
  const argv = ['\u001b]0;argv\u0007', '=cmd|1', '<img src=x onerror=a()>'];
  const child = spawn(process.execPath, ['-e', SOURCE, ...argv], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return {
    pid: child.pid ?? -1,
    run: async () => {
      child.stdin.write('go\n');
      await once(child.stdout, 'data');
    },
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  };
}
