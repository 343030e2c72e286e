/** `system()` and `cat()`: done on the host that traced, their output sent as text. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import {
  decodeEvent,
  decodeText,
  encodeText,
  systemReason,
  formatPrintf,
  REDACTED,
  showBytes,
  type Schema,
} from '@bpfleet/protocol';

/** A command of `system()` is ended after this long, milliseconds. */
const SYSTEM_TIMEOUT_MS = 60_000;

/** What the record asks for, done; its output. Empty for a record that makes no sense. */
export function runHostAction(schema: Schema, record: Uint8Array, redact = false): string {
  const event = decodeEvent(schema, record, () => undefined);
  if (event.kind === 'malformed') return '';
  const action = event.schema;
  if (action.kind !== 'system' && action.kind !== 'cat') return '';
  const types = action.arguments.map((field) => field.type);
  const text = formatPrintf(action.format, event.arguments, types);
  if (redact) {
    // What stands for text would mean something else to a shell.
    if (action.kind === 'system' && !text.includes(REDACTED)) runCommand(text);
    return `${REDACTED}\n`;
  }
  return action.kind === 'system' ? runCommand(text) : readStart(text, schema.output.maxCatBytes);
}

function runCommand(command: string): string {
  const result = spawnSync('/bin/sh', ['-c', scriptOf(command)], {
    timeout: SYSTEM_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return decodeText(result.stdout ?? new Uint8Array());
}

/** Arguments of a process are well-formed text here: a command with other bytes is spelled out for the shell. */
function scriptOf(command: string): string {
  if (showBytes(command) === command) return command;
  const octal = [...encodeText(command)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `eval "$(printf '${octal.join('')}')"`;
}

function readStart(path: string, maxBytes: number): string {
  let fd: number | undefined;
  try {
    fd = openSync(Buffer.from(encodeText(path)), 'r');
    const buffer = Buffer.alloc(maxBytes);
    let length = 0;
    for (;;) {
      const read = readSync(fd, buffer, length, maxBytes - length, null);
      length += read;
      if (read === 0 || length === maxBytes) break;
    }
    return decodeText(buffer.subarray(0, length));
  } catch (error) {
    return `ERROR: failed to open file '${path}' (${systemReason(error)})\n`;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
