/** CPUs that come and go while a session runs, for its probes that have events on CPUs. */
import { onlineCpus } from '@bpfleet/bpf';
import type { CpuLinks } from './cpu-links.ts';

/** How often the kernel is asked. */
const WATCH_MS = 200;

/**
 * A probe whose CPU has gone again meanwhile is attached when that comes back.
 *
 * @param verbose hears of CPUs that came or went, and of what could not be attached
 */
export function watchCpus(
  links: readonly CpuLinks[],
  before: readonly number[],
  verbose: (line: string) => void,
): Disposable {
  let known = before.join();
  const timer = setInterval(() => {
    const online = onlineCpus();
    if (online.join() === known) return;
    known = online.join();
    verbose(`CPUs online: ${known}: probes on CPUs follow`);
    for (const link of links) {
      try {
        link.follow(online);
      } catch (error) {
        known = '';
        verbose(error instanceof Error ? error.message : String(error));
      }
    }
  }, WATCH_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
