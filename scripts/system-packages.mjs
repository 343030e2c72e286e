/** What the tests, the demo and the benchmarks need of the system: installed where we may, else named. */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * How to tell that a package is there: one of its commands or files. A busybox that is not static would not do.
 *
 * @type {Readonly<Record<string, { readonly command: string } | { readonly file: string }>>}
 */
const PRESENCE = {
  'nats-server': { command: 'nats-server' },
  gcc: { command: 'gcc' },
  iproute2: { command: 'ip' },
  'libc6-dev': { file: '/usr/include/stdio.h' },
  'systemtap-sdt-dev': { file: '/usr/include/x86_64-linux-gnu/sys/sdt.h' },
  'qemu-system-x86': { command: 'qemu-system-x86_64' },
  'busybox-static': { file: '/var/lib/dpkg/info/busybox-static.list' },
  bpftrace: { command: 'bpftrace' },
  openssl: { command: 'openssl' },
  xfsprogs: { command: 'mkfs.xfs' },
};

/** Debian's daemons are in folders that a user's PATH may lack. */
const SEARCHED = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** @param {string} command @returns {string | undefined} its path */
export function findCommand(command) {
  return SEARCHED.map((folder) => join(folder, command)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {string} name */
function isPresent(name) {
  const presence = PRESENCE[name];
  if (presence === undefined)
    throw new Error(`package ${name}: no way to tell whether it is there`);
  return 'command' in presence
    ? findCommand(presence.command) !== undefined
    : existsSync(presence.file);
}

function mayInstall() {
  return process.getuid?.() === 0 && findCommand('apt-get') !== undefined;
}

/**
 * Installs the packages that are missing, or prints the command that does and ends the process with 1.
 *
 * @param {readonly string[]} names  Debian packages, all of them keys of `PRESENCE`
 */
export function requirePackages(names) {
  const missing = names.filter((name) => !isPresent(name));
  if (missing.length === 0) return;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (!mayInstall()) {
    console.error(`missing: ${missing.join(', ')}; install with:\n  apt-get ${install.join(' ')}`);
    process.exit(1);
  }
  console.log(`installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['-qq', 'update'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('apt-get', ['-qq', ...install], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Refreshes apt's lists where they are empty, as on a new container. */
export function requirePackageLists() {
  const known = spawnSync('apt-cache', ['show', 'linux-image-amd64'], { stdio: 'ignore' });
  if (known.status === 0 || !mayInstall()) return;
  execFileSync('apt-get', ['-qq', 'update'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

const TRACEFS = '/sys/kernel/tracing';

/** Mounts tracefs where it is not, and we may; otherwise says how. @returns {boolean} whether it is there */
export function requireTracefs() {
  const isMounted = () => readFileSync('/proc/mounts', 'utf8').includes(` ${TRACEFS} tracefs `);
  if (isMounted()) return true;
  spawnSync('mount', ['-t', 'tracefs', 'tracefs', TRACEFS], { stdio: 'ignore' });
  if (isMounted()) return true;
  console.error(`tracefs is not mounted; as root: mount -t tracefs tracefs ${TRACEFS}`);
  return false;
}

/** Where older tools look for tracefs; mounted where it is not, and we may. */
export function mountDebugfs() {
  const path = '/sys/kernel/debug';
  if (readFileSync('/proc/mounts', 'utf8').includes(` ${path} debugfs `)) return;
  spawnSync('mount', ['-t', 'debugfs', 'debugfs', path], { stdio: 'ignore' });
}
