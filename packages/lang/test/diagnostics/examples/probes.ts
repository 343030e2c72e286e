/** Examples of probes.ts. */
import type { Examples } from './example.ts';
import { lockedDown, withKprobes } from '../../targets/targets.ts';

export const probes: Examples = {
  'bad-attach-point': [
    `
tracepoint:a { }
~~~~~~~~~~~~ tracepoint probe type requires 2 arguments, found 1
`,
    `
interval:x:1 { }
~~~~~~~~~~~~ x is not an accepted unit of time
`,
  ],
  'unknown-probe-type': [
    `
kprob:f { }
~~~~~~~ Invalid probe type: kprob
`,
    `
begin { } 1 { }
          ~ Invalid probe type: 1
`,
    `
"a" { }
~~~ Invalid probe type: a
`,
  ],
  'probe-not-found': [
    `
kprobe:vfs_reed { }
~~~~~~~~~~~~~~~ No matches for kprobe vfs_reed.
`,
    `
config = { missing_probes = warn }
kprobe:no_such, begin { }
~~~~~~~~~~~~~~ No matches for kprobe no_such. Skipping.
`,
  ],
  'no-attach-points': [
    `
kprobe:no_such_* { }
~~~~~~~~~~~~~~~~ Probe has no valid attach points. If this is expected, set the 'missing_probes' config variable to 'warn'.
`,
    `
config = { missing_probes = "warn" }
kprobe:no_such_* { }
~~~~~~~~~~~~~~~~ Probe has no valid attach points. It is being removed which may cause issues with program behavior.
begin { }
`,
  ],
  'probe-refused': [
    {
      picture: `
kprobe:vfs_read { }
~~~~~~~~~~~~~~~ kprobe:vfs_read: no kprobes in this kernel, and fentry is refused with EPERM
`,
      target: lockedDown,
    },
  ],
  'too-many-probes': [
    `
config = { max_probes = 1 }
begin { }
end { }
! Can't attach to 2 probes because it exceeds the current limit of 1 probes. ⏎ You can increase the limit through the BPFTRACE_MAX_PROBES environment variable, but BE CAREFUL since a high number of probes attached can cause your system to crash.
`,
    `
config = { max_bpf_progs = 1 }
begin { }
end { }
~~~ Your program is trying to generate more than 2 BPF programs, which exceeds the current limit of 1
`,
  ],
  'probe-name-taken': [
    `
test:a { }
test:a { }
~~~~~~ "a" was used as the name for more than one TEST probe
`,
    `
bench:a { }
bench:a { }
~~~~~~~ "a" was used as the name for more than one BENCH probe
`,
  ],
  'no-probes': [
    `
config = { missing_probes = ignore }
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ No probes to attach
kprobe:no_such { }
`,
  ],
  'cannot-attach': [
    {
      picture: `
! Could not resolve address: /bin/bash:0xa
uprobe:/bin/bash:10 { }
~~~~~~~~~~~~~~~~~~~ Unable to attach probe: uprobe:/bin/bash:10. If this is expected, set the 'missing_probes' config variable to 'warn'.
`,
      target: {
        ...withKprobes,
        probes: {
          'uprobe:/bin/bash:10': {
            kind: 'unattachable',
            message: 'Could not resolve address: /bin/bash:0xa',
          },
        },
      },
    },
  ],
  'doubtful-probe': [
    {
      picture: `
kprobe:doubtful { }
~~~~~~~~~~~~~~~ doubtful is not traceable
`,
      target: {
        ...withKprobes,
        probes: {
          'kprobe:doubtful': {
            kind: 'found',
            probes: [{ kind: 'kprobe', function: 'doubtful' }],
            warnings: ['doubtful is not traceable'],
          },
        },
      },
    },
  ],
};
