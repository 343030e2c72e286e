/** watchpoint: the processor notices that an address is read, written or executed. */
import type { Target } from '../target.ts';
import { attachPid } from './attach-pid.ts';
import type { ParsedAttachPoint } from './attach-point.ts';
import { parseCount } from './parse-count.ts';
import { wrongPartCount } from './probe-kind.ts';
import type { ProbeDraft, ProbeKind, Refusal } from './probe-kind.ts';

type WatchpointPoint = Extract<ParsedAttachPoint, { kind: 'watchpoint' }>;

/** What debug registers can do: x86 has no watchpoint for reads alone. */
const MODES: Readonly<Record<Target['arch'], readonly string[]>> = {
  x86_64: ['rw', 'w', 'x'],
  arm64: ['r', 'rw', 'w', 'x'],
};

const LENGTHS = [1, 2, 4, 8] as const;

export const watchpointKind: ProbeKind = {
  name: 'watchpoint',
  aliases: ['w'],
  lookedUp: false,
  space: 'user',
  has: { registers: true },
  parse,
  expand: (point, resolved, target) => {
    if (point.kind !== 'watchpoint') return [];
    const supported = MODES[target.arch];
    if (!supported.includes(point.mode)) {
      return {
        refusal: `invalid watchpoint mode: ${point.mode}`,
        hint: `supported modes: ${supported.join(',')}`,
      };
    }
    return [draft(point, resolved, target)];
  },
};

function parse(parts: readonly string[]): WatchpointPoint | Refusal {
  const [first, second, third] = parts;
  if (first === undefined || second === undefined || third === undefined || parts.length > 3) {
    return wrongPartCount('watchpoint', parts.length, 3);
  }
  const address = parseCount(first, 'Invalid function/address argument');
  if (typeof address !== 'bigint') return address;
  const count = parseCount(second, 'Invalid length argument');
  if (typeof count !== 'bigint') return count;
  if (address === 0n) return { refusal: 'watchpoint must be attached to a non-zero address' };
  const length = LENGTHS.find((one) => BigInt(one) === count);
  if (length === undefined) return { refusal: 'watchpoint length must be one of (1,2,4,8)' };
  if (!/^[rwx]+$/.test(third)) {
    return { refusal: 'watchpoint mode must be combination of (r,w,x)' };
  }
  const letters = third.split('').toSorted();
  if (new Set(letters).size !== letters.length) {
    return { refusal: 'watchpoint modes may not be duplicated' };
  }
  const mode = letters.join('');
  return { kind: 'watchpoint', provider: 'watchpoint', address, length, mode };
}

function draft(
  { address, length, mode }: WatchpointPoint,
  resolved: ProbeDraft['resolved'],
  target: Target,
): ProbeDraft {
  return {
    name: `watchpoint:${address}:${length}:${mode}`,
    provider: 'watchpoint',
    resolved,
    attach: { kind: 'watchpoint', address, length, mode, ...attachPid(target) },
    context: 'perf_event',
  };
}
