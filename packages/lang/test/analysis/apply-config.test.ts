/** Settings: defaults, the script's config block, then the environment. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import { analysed, assertDiagnosed, diagnose } from './analysed.ts';

suite('config', () => {
  test('has defaults, which the block overrides, which the environment overrides', () => {
    const script =
      'config = { max_map_keys = 10; max_strlen = 20; missing_probes = warn } BEGIN { @[1] = 1; }';
    const { config, maps } = analysed(script, {
      environment: { BPFTRACE_MAX_STRLEN: '30', PATH: '/bin' },
    });
    assert.equal(config.maxStrlen, 30);
    assert.equal(config.maxMapKeys, 10);
    assert.equal(config.missingProbes, 'warn');
    assert.equal(config.maxProbes, 1024);
    assert.equal(maps.get('@')?.maxEntries, 10);
  });

  test('takes keys in any case and with the prefix', () => {
    const script =
      'config = { BPFTRACE_PRINT_MAPS_ON_EXIT = 0; Stack_Mode = perf } BEGIN { @ = kstack; }';
    const { config, maps } = analysed(script);
    assert.equal(config.printMapsOnExit, false);
    assert.deepEqual(maps.get('@')?.value, { kind: 'kstack', mode: 'perf', limit: 127 });
  });

  test('says what is wrong with keys and values', () => {
    assertDiagnosed(`
config = { max_strlenn = 5; max_probes = many; cpp_demangle = maybe; license = MIT; btf = 1 } BEGIN { }
           ~~~~~~~~~~~~~~~ max_strlenn: not a known configuration option
                            ~~~~~~~~~~~~~~~~~ max_probes: expecting a number, got many
                                               ~~~~~~~~~~~~~~~~~~~~ cpp_demangle: Invalid bool value: valid values are true, false, 1 or 0.
                                                                     ~~~~~~~~~~~~~ Invalid value for license. Found: MIT. Valid values: Dual MIT/GPL, Dual BSD/GPL, Dual MPL/GPL, GPL and additional rights, GPL v2, GPL.
                                                                                    ~~~~~~~ btf: can only be set as an environment variable
`);
    assertDiagnosed(`
config = { unstable_typeinfo = maybe } BEGIN { }
           ~~~~~~~~~~~~~~~~~~~~~~~~~ unstable_typeinfo: Invalid value for unstable config: valid values are enable, warn, and error.
`);
  });

  test('takes old names with a warning, and warns of what was given up', () => {
    const script = 'config = { strlen = 5; symbol_source = 1 } BEGIN { }';
    assert.equal(analysed(script).config.maxStrlen, 5);
    assertDiagnosed(`
${script}
           ~~~~~~~~~~ strlen has been renamed, please use max_strlen
                       ~~~~~~~~~~~~~~~~~ symbol_source is deprecated and has no effect
`);
  });

  test('is a record to the program', () => {
    const { probes } = analysed(
      'config = { max_strlen = 20 } BEGIN { $a = config.max_strlen; $b = config().stack_mode; $c = __builtin_config.cpp_demangle; }',
    );
    const values = probes[0]?.body.statements.map((one) =>
      one.kind === 'assignment' && 'value' in one.value ? one.value.value : undefined,
    );
    assert.deepEqual(values, [20n, 'bpftrace', true]);
  });
});

suite('unstable features', () => {
  test('are refused unless they are enabled', () => {
    assertDiagnosed(
      `
BEGIN { print(typeinfo(1).full_type); assert_str("a"); }
              ~~~~~~~~~~~ typeinfo feature is not enabled by default. To enable this unstable feature, set the config flag to enable. unstable_typeinfo=enable
`,
      { environment: {} },
    );
    assertDiagnosed(
      'config = { unstable_typeinfo = enable } BEGIN { print(typeinfo(1).full_type); }',
      {
        environment: {},
      },
    );
  });

  test('are warned of once where that is wanted', () => {
    const found = diagnose(
      new Source(
        'stdin',
        'config = { unstable_typeinfo = warn } BEGIN { print(typeinfo(1).full_type); print(typeinfo(2).full_type); }',
      ),
      { environment: {} },
    );
    assert.deepEqual(
      found.map(({ message }) => message),
      [
        'Script is using an unstable feature: typeinfo. To prevent this warning you must explicitly enable it in the config e.g. unstable_typeinfo=enable',
      ],
    );
  });

  test('are imports inside of blocks', () => {
    const files = { 'a.h': { kind: 'text', text: '', worldWritable: false } } as const;
    assertDiagnosed(
      `
BEGIN { import "a.h"; }
        ~~~~~~~~~~~~ Import statements that are not at the top level are primarily for the standard library. If this is functionality you need, please file an issue to explain why.
`,
      { files },
    );
  });
});
