/** Settings: defaults, the script's config block, then the environment. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analysed, assertDiagnosed } from './analysed.ts';

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
config = { max_strlenn = 5; strlen = 5; max_probes = many; cpp_demangle = maybe; symbol_source = 1; license = MIT } BEGIN { }
           ~~~~~~~~~~~ Unrecognized config variable: max_strlenn
                            ~~~~~~ strlen: key has been renamed to 'max_strlen'
                                                     ~~~~ max_probes: Invalid value for max_probes: expected a number, found 'many'
                                                                          ~~~~~ cpp_demangle: Invalid bool value: valid values are true, false, 1 or 0.
                                                                                 ~~~~~~~~~~~~~ symbol_source is deprecated and has no effect
                                                                                                              ~~~ license: Invalid value for license. Found: MIT. Valid values: GPL, GPL v2, GPL and additional rights, Dual BSD/GPL, Dual MIT/GPL, Dual MPL/GPL.
`);
  });
});
