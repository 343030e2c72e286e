/** Child processes of the demo: started with a mark in their environment, ended by process id, leftovers found. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

const STOP_TIMEOUT_MS = 10_000;
const MARK = 'BPFLEET_DEMO';

/** Children inherit this environment, and so do theirs. */
export const markedEnvironment = { ...process.env, [MARK]: String(process.pid) };

/**
 * @typedef {{ readonly name: string, readonly output: () => string, readonly child: import('node:child_process').ChildProcess }} Started
 * @type {Started[]}
 */
const running = [];

/**
 * Starts a process that is to run until `stopAll`.
 *
 * @param {string} name  for messages
 * @param {string} command
 * @param {readonly string[]} argv
 * @returns {Started}
 */
export function start(name, command, argv) {
  const child = spawn(command, argv, { env: markedEnvironment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (/** @type {string} */ text) => (output = (output + text).slice(-20_000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(`${error.message}\n`));
  const started = { name, child, output: () => output };
  running.push(started);
  return started;
}

/**
 * Waits until a process has printed what matches; throws with what it said when it ends first or takes too long.
 *
 * @param {Started} started
 * @param {RegExp} pattern
 * @param {number} timeoutMs
 */
export async function untilPrinted(started, pattern, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const match = pattern.exec(started.output());
    if (match !== null) return match;
    const { exitCode, signalCode } = started.child;
    if (exitCode !== null || signalCode !== null || Date.now() > deadline) {
      throw new Error(`${started.name} did not print ${pattern}:\n${started.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ends all processes in reverse order of their start. */
export async function stopAll() {
  for (const { child } of running.splice(0).toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }
}

/** Processes of the demo that are there now. */
export function markedPids() {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`${MARK}=${process.pid}`));
}

/** The same with their command lines. */
export function leftovers() {
  return markedPids().map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
}

/** Empty for a process that is gone. @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
