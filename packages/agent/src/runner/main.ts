/**
 * Entry of a runner process: arms, runs and ends one session as its supervisor says, and ends itself when the
 * supervisor is gone, so that no probe outlives its owner.
 */
import { Runner } from './runner.ts';
import type { FromRunner, ToRunner } from './messages.ts';

const say = (message: FromRunner): void => {
  if (process.connected) process.send?.(message);
};

let runner: Runner | undefined;

process.title = 'bpfleet-runner';
// A terminal's Ctrl-C goes to the whole process group; the supervisor decides when a session ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToRunner) => {
  switch (message.kind) {
    case 'arm':
      runner = new Runner(message, process.env, (usage) => say({ kind: 'usage', usage }));
      void runner.done.then(() => {
        say({ kind: 'done' });
        process.disconnect?.();
      });
      break;
    case 'run':
      runner?.run(message.startAtMs);
      break;
    case 'stop':
      runner?.stop(message.ending);
      break;
  }
});
say({ kind: 'ready' });
