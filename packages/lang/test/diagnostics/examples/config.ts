/** Examples of config.ts. */
import type { Examples } from './example.ts';

export const config: Examples = {
  'unknown-config-key': [
    `
config = { max_strlem = 1 }
           ~~~~~~~~~~~~~~ max_strlem: not a known configuration option
begin { }
`,
    `
config = { debug_output = 1 }
           ~~~~~~~~~~~~~~~~ debug_output: not a known configuration option
begin { }
`,
    `
config = { cache_user_symbols_x = 1 }
           ~~~~~~~~~~~~~~~~~~~~~~~~ cache_user_symbols_x: not a known configuration option
begin { }
`,
  ],
  'renamed-config-key': [
    `
config = { strlen = 64 }
           ~~~~~~~~~~~ strlen has been renamed, please use max_strlen
begin { }
`,
  ],
  'bad-config-value': [
    `
config = { missing_probes = "maybe" }
           ~~~~~~~~~~~~~~~~~~~~~~~~ missing_probes: Invalid value for missing_probes: valid values are ignore, warn, and error.
begin { }
`,
    `
config = { max_strlen = "a" }
           ~~~~~~~~~~~~~~~~ max_strlen: expecting a number, got a
begin { }
`,
    `
config = { max_map_keys = 0 }
           ~~~~~~~~~~~~~~~~ max_map_keys: expecting a number from 1 to 4294967295, got 0
begin { }
`,
    {
      picture: `
begin { }
! BPFTRACE_MAX_STRLEN: expecting a number, got many
`,
      environment: { BPFTRACE_MAX_STRLEN: 'many' },
    },
  ],
  'unstable-feature': [
    `
config = { unstable_tseries = error }
begin { @ = tseries(1, 1s, 4); }
            ~~~~~~~~~~~~~~~~~ tseries feature is not enabled by default. To enable this unstable feature, set the config flag to enable. unstable_tseries=enable
`,
    `
begin { @ = tseries(1, 1s, 4); }
! Script is using an unstable feature: tseries. To prevent this warning you must explicitly enable it in the config e.g. unstable_tseries=enable
`,
    {
      picture: `
config = { unstable_import_statement = error }
begin { import "a.h"; }
        ~~~~~~~~~~~~ Import statements that are not at the top level are primarily for the standard library. If this is functionality you need, please file an issue to explain why.
`,
      files: { 'a.h': { kind: 'text', text: '', worldWritable: false } },
    },
    {
      picture: `
begin { import "a.h"; }
        ~~~~~~~~~~~~ Import statements that are not at the top level are primarily for the standard library. If this is functionality you need, please file an issue to explain why.
`,
      files: { 'a.h': { kind: 'text', text: '', worldWritable: false } },
    },
  ],
  'environment-only': [
    `
config = { btf = "x" }
           ~~~~~~~~~ btf: can only be set as an environment variable
begin { }
`,
    `
config = { vmlinux = "x" }
           ~~~~~~~~~~~~~ vmlinux: can only be set as an environment variable
begin { }
`,
  ],
  'ineffective-config-key': [
    `
config = { symbol_source = "dwarf" }
           ~~~~~~~~~~~~~~~~~~~~~~~ symbol_source is deprecated and has no effect
begin { }
`,
  ],
};
