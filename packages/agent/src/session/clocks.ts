/** What to add to the boot clock of kernel events to get Unix time. */
import { measureClockOffset, type KernelCalls } from '@bpfleet/bpf';

/** Nanoseconds. Setting the machine's time changes it. */
export function bootToUnixNs(calls: KernelCalls): bigint {
  return measureClockOffset(calls, 'boottime').offsetNs;
}
