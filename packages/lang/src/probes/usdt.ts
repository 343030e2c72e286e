/** usdt: probes that a program's author has put into it. */
import type { Target } from '../target.ts';
import { attachPid } from './attach-pid.ts';
import type { ParsedAttachPoint } from './attach-point.ts';
import { wrongPartCount } from './probe-kind.ts';
import type { ProbeDraft, ProbeKind } from './probe-kind.ts';

export const usdtKind: ProbeKind = {
  name: 'usdt',
  aliases: ['U'],
  listed: 'user',
  lookedUp: true,
  space: 'user',
  has: { argN: true, registers: true },
  parse: (written, { hasPid }) => {
    const parts = hasPid && written.length === 1 ? ['', ...written] : written;
    if (parts.length !== 2 && parts.length !== 3) return wrongPartCount('usdt', parts.length, 2, 3);
    const path = parts[0] ?? '';
    const name = parts[parts.length - 1] ?? '';
    if (name === '') return { refusal: 'usdt probe must have a target function or wildcard' };
    if (path === '' && !hasPid) {
      return {
        refusal:
          'usdt probe must specify at least path or pid to probe. ' +
          "To target all paths/pids set the path to '*'.",
      };
    }
    const namespace = parts.length === 3 ? parts[1] : undefined;
    return {
      kind: 'usdt',
      provider: 'usdt',
      path,
      name,
      wildcard: parts.some((part) => part.includes('*')),
      ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    };
  },
  expand: expandUsdt,
};

/** One program for each place in the code: the arguments lie elsewhere at each. */
function expandUsdt(
  _point: ParsedAttachPoint,
  resolved: ProbeDraft['resolved'],
  target: Target,
): readonly ProbeDraft[] {
  if (resolved.kind !== 'usdt') return [];
  const { path, provider, name, locations } = resolved;
  return locations.map((usdt, index) => ({
    name: `usdt:${path}:${provider}:${name}`,
    provider: 'usdt',
    resolved,
    usdt,
    attach: {
      kind: 'uprobe',
      path,
      fileOffset: usdt.fileOffset,
      returns: false,
      semaphoreOffset: usdt.semaphoreOffset,
      ...attachPid(target),
    },
    context: 'pt_regs',
    // They are one probe, wherever it is.
    count: index === 0 ? 1 : 0,
  }));
}
