/**
 * Numbers of the kernel's software and hardware events.
 *
 * https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/perf_event.h, `perf_sw_ids` and `perf_hw_id`
 */

export const SOFTWARE_EVENTS = {
  'cpu-clock': 0,
  'task-clock': 1,
  'page-faults': 2,
  'context-switches': 3,
  'cpu-migrations': 4,
  'minor-faults': 5,
  'major-faults': 6,
  'alignment-faults': 7,
  'emulation-faults': 8,
  dummy: 9,
  'bpf-output': 10,
} as const;

export const HARDWARE_EVENTS = {
  'cpu-cycles': 0,
  instructions: 1,
  'cache-references': 2,
  'cache-misses': 3,
  'branch-instructions': 4,
  'branch-misses': 5,
  'bus-cycles': 6,
  'frontend-stalls': 7,
  'backend-stalls': 8,
  'ref-cycles': 9,
} as const;

export type SoftwareEvent = keyof typeof SOFTWARE_EVENTS;
export type HardwareEvent = keyof typeof HARDWARE_EVENTS;
