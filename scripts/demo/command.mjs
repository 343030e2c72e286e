/** Runs the command line that users have, to its end. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { markedEnvironment } from './children.mjs';

export const CLI = join(import.meta.dirname, '../../packages/cli/bin/bpfleet.js');

/** What moves the cursor back over a live view. */
// oxlint-disable-next-line no-control-regex
const REDRAW = /\u001b\[\d+A\r\u001b\[J/g;

/** @param {string} argument */
function quote(argument) {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/**
 * @param {string} command
 * @param {readonly string[]} argv
 * @param {(text: string) => void} onOutput
 * @returns {Promise<{ output: string, exitCode: number | null }>}
 */
function runToEnd(command, argv, onOutput) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, {
      env: markedEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (/** @type {string} */ text) => {
      output += text;
      onOutput(text);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ output, exitCode }));
  });
}

/**
 * @param {readonly string[]} argv  of bpfleet
 * @returns {Promise<string>} what it printed; throws when it fails
 */
export async function bpfleet(...argv) {
  const { output, exitCode } = await runToEnd(process.execPath, [CLI, ...argv], () => {});
  if (exitCode !== 0) throw new Error(`bpfleet ${argv[0]}: exit code ${exitCode}:\n${output}`);
  return output;
}

/**
 * The same on a terminal of its own, so that it shows its live view, which is passed on as it is drawn.
 *
 * @param {readonly string[]} argv
 */
export async function bpfleetOnTerminal(...argv) {
  const line = ['stty rows 200 cols 120; exec', process.execPath, CLI, ...argv.map(quote)].join(
    ' ',
  );
  const show = (/** @type {string} */ text) =>
    process.stdout.write(
      process.stdout.isTTY ? text : text.replaceAll('\r\n', '\n').replace(REDRAW, ''),
    );
  const { output, exitCode } = await runToEnd('script', ['-qefc', line, '/dev/null'], show);
  if (exitCode !== 0) throw new Error(`bpfleet ${argv[0]}: exit code ${exitCode}`);
  return output.replaceAll('\r\n', '\n');
}
