/** The clocks: `nsecs` and its modes, and the time of day. */
import type { HelperName } from '@bpfleet/bpf/asm';
import type { Call } from '../syntax/ast.ts';
import type { Operand } from './ir.ts';
import { bareWord } from './bare-word.ts';
import type { Lowering } from './lowering.ts';
import { pointing } from './memory.ts';

export function lowerClock(l: Lowering, call: Call): Operand {
  switch (bareWord(call)) {
    case 'monotonic':
      return readClock(l, 'ktime_get_ns');
    case 'tai':
      return readClock(l, 'ktime_get_tai_ns');
    case 'sw_tai':
      return readShifted(l, l.program.target.clocks?.bootToTaiNs ?? 0n);
    default:
      return readBootClock(l);
  }
}

export function readBootClock(l: Lowering): Operand {
  return readClock(l, 'ktime_get_boot_ns');
}

/** Nanoseconds since 1970, as far as the clock was not set since the program was compiled. */
export function readTimeOfDay(l: Lowering): Operand {
  return readShifted(l, l.program.target.clocks?.bootToUnixNs ?? 0n);
}

function readShifted(l: Lowering, offsetNs: bigint): Operand {
  return testClock(l) ?? l.b.arithmetic('add', l.b.call('ktime_get_boot_ns'), offsetNs);
}

function readClock(l: Lowering, helper: HelperName): Operand {
  return testClock(l) ?? l.b.call(helper);
}

/** Tests set the time by a map of the program. */
function testClock(l: Lowering): Operand | undefined {
  const { clockMap } = l.program.config;
  const plan = clockMap === undefined ? undefined : l.program.maps.get(clockMap);
  if (plan === undefined || plan.key !== undefined || plan.value.kind !== 'integer') {
    return undefined;
  }
  const { spec } = l.session.map(plan.name);
  return l.b.load(plan.value.size, pointing(l.b.mapValue(spec.name)));
}
