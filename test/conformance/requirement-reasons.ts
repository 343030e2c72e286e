/** What is behind requirements of bpftrace's cases whose command does not say it. */
export const REQUIREMENT_REASONS: Readonly<Record<string, string>> = {
  'bash -c "exit 1"': 'the suite never runs it',
  'findmnt -n / | awk \'{exit $3!="9pfs"}\'': 'the suite runs it where the root is `9pfs` only',
  'ls /sys/devices/cpu/events/cache-misses': 'the machine has no hardware counters',
  'test -d /mnt/vmtest': 'no instruction of the function begins at the offset that the case has',
  'testprogs/hello_go': 'there is no Go compiler',
  'ls /usr/include/sys/xattr.h': 'headers of the C library are elsewhere in this distribution',
};
