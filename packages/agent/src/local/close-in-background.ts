/**
 * Closes the events of stopped probes without keeping a terminal waiting. The kernel gives back one at a time, under
 * one lock and each after a grace period of RCU: 360 tracepoints take it some fifteen seconds. A process of their own
 * holds them, and closes them by ending when this process has ended.
 */
import { spawn } from 'node:child_process';
import type { Fd } from '@bpfleet/bpf';

/** So few are closed in less time than a process takes to start. */
const FEW = 4;

export function closeInBackground(events: readonly Fd[]): void {
  if (events.length > FEW) {
    const holder = spawn(process.execPath, ['--eval', 'process.stdin.resume()'], {
      detached: true,
      env: {},
      stdio: ['pipe', 'ignore', 'ignore', ...events.map((event) => event.number)],
    });
    // Where no process can be started, the events are closed here.
    holder.on('error', () => undefined);
    holder.unref();
  }
  for (const event of events) event.close();
}
