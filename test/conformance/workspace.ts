/** The directory that cases are run in, laid out as a build of the checkout is, and kept for the next run. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildPrograms } from './build-programs.ts';

const POLL_MS = 200;
/** Programs that an earlier version of it built are of no use. */
const BUILD_SCRIPT = new URL('build-programs.ts', import.meta.url);

function cacheFolder(path: string): string {
  const key = createHash('sha256').update(path).digest('hex').slice(0, 12);
  return join(tmpdir(), `bpfleet-conformance-${key}`);
}

/** Whether the process that is building there still lives. */
function isHeld(lock: string): boolean {
  try {
    return existsSync(`/proc/${readFileSync(lock, 'utf8')}`);
  } catch {
    return false;
  }
}

/** Another run may be building the same; it is waited for. */
async function locked(lock: string, work: () => void): Promise<void> {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      if (isHeld(lock)) await delay(POLL_MS);
      else rmSync(lock, { force: true });
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param checkout of bpftrace; @returns the directory, with `testprogs`, `testlibs` and `runtime` */
export async function prepareWorkspace(checkout: string): Promise<string> {
  const sources = join(realpathSync(checkout), 'tests');
  const folder = cacheFolder(`${sources}\0${readFileSync(BUILD_SCRIPT, 'utf8')}`);
  const directory = join(folder, 'tests');
  const complete = join(folder, 'complete');
  mkdirSync(directory, { recursive: true });
  await locked(join(folder, 'lock'), () => {
    if (existsSync(complete)) return;
    process.stdout.write(`building the test programs of ${sources}\n`);
    buildPrograms(sources, directory);
    for (const name of ['runtime', 'self']) {
      rmSync(join(directory, name), { force: true });
      symlinkSync(join(sources, name), join(directory, name));
    }
    writeFileSync(complete, '');
  });
  return directory;
}

/**
 * An executable called `bpftrace` that runs `bpfleet local`; cases look for a process of that name, so Node is run
 * through a link of it.
 *
 * @param command Node's arguments up to `local`
 */
export function writeTracer(command: readonly string[]): string {
  const folder = cacheFolder(command.join('\0'));
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'node'), { recursive: true });
  const link = join(folder, 'node/bpftrace');
  if (!existsSync(link)) symlinkSync(process.execPath, link);
  const tracer = join(folder, 'bin/bpftrace');
  const words = [link, ...command, 'local'].map((word) => `'${word}'`).join(' ');
  writeFileSync(tracer, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(tracer, 0o755);
  return tracer;
}
