/** Why cases of bpftrace's suite fail that are not meant to pass; they are run all the same, and counted as failed. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'btf.redefine_btf_type_missing_def':
    'a type that a definition names and the program does not define is found in BTF, so this is no error',
  'builtin.log size too small':
    'the log of a refused program gets the room it needs; no program is refused for want of it',
  'call.ustack_with_inlined_funcs':
    'the case expects that functions of the C library have no names, and where its debug information is installed they have',
  'probe.kprobe_wildcard probe builtin':
    'the case counts programs, and all functions of a wildcard share one',
  'intcast.Sum casted retval':
    'the case counts what happens between `exit()` and the end, where probes have stopped at once',
};
