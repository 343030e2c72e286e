/** The boot clock of kernel events, and what to add to it to get Unix time. */
import { measureClockOffset, readClock, type KernelCalls } from '@bpfleet/bpf';

/** Nanoseconds. Setting the machine's time changes it. */
export function bootToUnixNs(calls: KernelCalls): bigint {
  return measureClockOffset(calls, 'boottime').offsetNs;
}

/** Nanoseconds, as `nsecs` of events. */
export function bootNs(calls: KernelCalls): bigint {
  return readClock(calls, 'boottime');
}
