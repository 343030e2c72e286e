/**
 * Entry of a runner process: arms, runs and ends one session as its supervisor says, and detaches and ends itself when the
 * supervisor is gone, so that no probe outlives its owner.
 */
import { PodTable } from '../pods/pod-table.ts';
import { Runner } from './runner.ts';
import { Silence } from './silence.ts';
import type { FromRunner, ToRunner } from './messages.ts';

const say = (message: FromRunner): void => {
  // A supervisor that was killed a moment ago is found out here first; what to do then, `disconnect` says.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

const BEAT_MS = 1000;
/** What an agent that was killed leaves to a runner to send, for a broker that is slow. */
const ORPHANED_MS = 15_000;
const silence = new Silence(performance.now());
const pods = new PodTable();
let leaseMs = Infinity;
let runner: Runner | undefined;
let over = false;

process.title = 'bpfleet-runner';
// A terminal's Ctrl-C goes to the whole process group; the supervisor decides when a session ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => {
  if (runner === undefined || over) process.exit(0);
  setTimeout(() => process.exit(0), ORPHANED_MS);
  void runner.orphan().then(() => process.exit(0));
});
process.on('message', (message: ToRunner) => {
  silence.heard(performance.now());
  switch (message.kind) {
    case 'arm':
      leaseMs = message.leaseMs;
      runner = new Runner(message, pods, process.env, {
        onUsage: (usage) => say({ kind: 'usage', usage }),
        onShared: (maps) => say({ kind: 'shared', maps }),
      });
      void runner.done.then((outcome) => {
        over = true;
        say({ kind: 'done', ...outcome });
        process.disconnect?.();
      });
      break;
    case 'pods':
      pods.apply(message);
      break;
    case 'run':
      runner?.run(message.startInMs);
      break;
    case 'stop':
      runner?.stop(message.ending);
      break;
    case 'leave':
      runner?.leave();
      break;
    case 'alive':
      break;
  }
});
setInterval(() => {
  const refusal = runner?.refusal;
  say({ kind: 'alive', ...(refusal !== undefined && { refusal }) });
  if (silence.tick(performance.now()) < leaseMs) return;
  runner?.stop({ reason: 'lease', message: 'detached: its agent does not answer' });
}, BEAT_MS).unref();
say({ kind: 'ready' });
