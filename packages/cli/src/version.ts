/** Versions that the command line tells. */

export const VERSION = '0.1.0';

/** The release of bpftrace whose language and output `bpfleet local` has. */
export const BPFTRACE_VERSION = '0.26';
