/** `-p` for probes that the kernel filters by process when it attaches them. */
import type { Target } from '../target.ts';

export function attachPid(target: Target): { readonly pid?: number } {
  return target.pid === undefined ? {} : { pid: target.pid };
}
