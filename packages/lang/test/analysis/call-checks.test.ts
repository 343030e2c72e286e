/** What single functions refuse, each with the place it is said about. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import { assertDiagnosed, diagnose } from './analysed.ts';

suite('functions of text refuse', () => {
  test('what is no text', () => {
    assertDiagnosed(`
begin { print(strlen(1)); print(strstr("a", 2)); print(str_concat((1, 2), "a")); }
              ~~~~~~~~~ string-like values must be either strings, arrays or pointers
                                ~~~~~~~~~~~~~~ string-like values must be either strings, arrays or pointers
                                                       ~~~~~~~~~~~~~~~~~~~~~~~ string-like values must be either strings, arrays or pointers
`);
  });

  test('arrays and pointers of other things than characters', () => {
    assertDiagnosed(`
begin { print(strlen(pton("1.2.3.4"))); print(strlen((int32 *)0)); }
              ~~~~~~~~~~~~~~~~~~~~~~~ string-like arrays must contain a char-like type
                                              ~~~~~~~~~~~~~~~~~~ string-like pointers must point to a char-like type
`);
  });

  test('names of what is no number', () => {
    assertDiagnosed(`
begin { print(strerror("a")); }
              ~~~~~~~~~~~~~ strerror() only supports int arguments (string[2] provided)
`);
  });
});

suite('functions of addresses refuse', () => {
  test('text that is no address', () => {
    assertDiagnosed(`
begin { print(pton("abc")); print(pton("1.2.3.256")); print(pton(":::1")); print(pton(comm)); }
              ~~~~~~~~~~~ pton() expects an string argument of an IPv4/IPv6 address, got abc
                                  ~~~~~~~~~~~~~~~~~ pton() expects a valid IPv4/IPv6 address, got 1.2.3.256
                                                            ~~~~~~~~~~~~ pton() expects a valid IPv4/IPv6 address, got :::1
                                                                                 ~~~~~~~~~~ pton() expects an string literal at the first argument
`);
  });

  test('names that are no literals, and no names', () => {
    assertDiagnosed(`
begin { $n = "x"; print(kaddr($n)); print(kaddr(5)); print(cgroupid($n)); print(kaddr()); }
                        ~~~~~~~~~ kaddr() expects a string literal (string provided)
                                          ~~~~~~~~ kaddr() expects a string literal (int provided)
                                                           ~~~~~~~~~~~~ cgroupid() expects a string literal (string provided)
                                                                                ~~~~~~~ kaddr() requires one argument (0 provided)
`);
  });

  test('what has no bytes to take', () => {
    assertDiagnosed(`
begin { print(macaddr("abc")); print(macaddr(pton("1.2.3.4"))); print(bswap("a")); }
              ~~~~~~~~~~~~~~ macaddr() does not support literal string arguments
                                     ~~~~~~~~~~~~~~~~~~~~~~~~ macaddr() argument must be at least 6 bytes in size
                                                                      ~~~~~~~~~~ bswap() only supports integer arguments (string provided)
`);
  });

  test('what is no pointer of the kernel', () => {
    assertDiagnosed(`
fentry:vfs_read { @p = nsecs; print(socket_cookie(1)); print(skboutput("f", 1, 2, 3)); print(skboutput("f", (uint8 *)@p, 2, 3)); }
                                    ~~~~~~~~~~~~~~~~ socket_cookie() only supports 'struct sock *' as the argument (int provided)
                                                             ~~~~~~~~~~~~~~~~~~~~~~~ skboutput() only supports pointer arguments (int provided)
                                                                                             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ skboutput() takes a pointer as the probe was given it, not one read from memory
`);
  });

  test('probes whose arguments have no types', () => {
    assertDiagnosed(`
begin { print(skboutput("f", 0, 2, 3)); print(socket_cookie(0)); }
              ~~~~~~~~~~~~~~~~~~~~~~~ skboutput can not be used with "begin" probes
                                              ~~~~~~~~~~~~~~~~ socket_cookie can not be used with "begin" probes
`);
  });
});

suite('functions that change the system refuse', () => {
  test('probes that they have no meaning in', () => {
    assertDiagnosed(
      `
begin { signal(9); override(1); }
        ~~~~~~~~~ signal() can not be used for this probetype begin
                   ~~~~~~~~~~~ override() can only be used inside kprobes
`,
      { unsafe: true },
    );
  });

  test('what cannot be written', () => {
    assertDiagnosed(
      `
profile:hz:1 { $n = 1; print(write_user("a", "a", 1)); print(write_user(1, $n, 4)); print(write_user(1, "abc", 5)); print(write_user(1, &$n, 4)); }
                             ~~~~~~~~~~~~~~~~~~~~~~~ write_user() expects a pointer to write to (string provided)
                                                             ~~~~~~~~~~~~~~~~~~~~ write_user() expects a string, an array or a struct (int provided)
                                                                                          ~~~~~~~~~~~~~~~~~~~~~~~ write_user() cannot write 5 bytes of a value that has 4
`,
      { unsafe: true },
    );
  });

  test('signals that do not exist', () => {
    assertDiagnosed(
      `
profile:hz:1 { signal("NOPE"); signal_thread(65); signal((1, 2)); }
               ~~~~~~~~~~~~~~ Invalid string for signal: NOPE
                               ~~~~~~~~~~~~~~~~~ signal_thread() accepts a string literal or an integer between 1 and 64 (inclusive)
                                                  ~~~~~~~~~~~~~~ signal() accepts a string literal or an integer
`,
      { unsafe: true },
    );
  });

  test('to do so without --unsafe', () => {
    assertDiagnosed(`
profile:hz:1 { signal_thread(9); _ = write_user(1, "a", 1); }
               ~~~~~~~~~~~~~~~~ signal_thread() is unsafe. To use you need the --unsafe flag
                                     ~~~~~~~~~~~~~~~~~~~~~ write_user() is unsafe. To use you need the --unsafe flag
`);
  });
});

suite('other functions refuse', () => {
  test('paths outside of functions of the kernel', () => {
    assertDiagnosed(`
begin { print(path(1)); }
              ~~~~~~~ The path function can only be used with 'fentry', 'fexit', 'iter' probes
              ~~~~~~~ path() only supports pointer or C type argument (int provided)
`);
  });

  test('what bpf_trace_printk cannot print', () => {
    assertDiagnosed(`
begin { debugf("%c", 1); debugf("%d %d %d %d", 1, 2, 3, 4); debugf("%s", 1); }
        ~~~~~~~~~~~~~~~ Invalid format specifier for \`debugf\`: c
        ~~~~~~~~~~~~~~~ The debugf() builtin is not recommended for production use. For more information see bpf_trace_printk in bpf-helpers(7).
                         ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ cannot use more than 3 conversion specifiers
                         ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The debugf() builtin is not recommended for production use. For more information see bpf_trace_printk in bpf-helpers(7).
                                                            ~~~~~~~~~~~~~~~ Type does not match format specifier: s
                                                            ~~~~~~~~~~~~~~~ The debugf() builtin is not recommended for production use. For more information see bpf_trace_printk in bpf-helpers(7).
`);
  });
});

suite('tseries refuses', () => {
  const enabled = { environment: { BPFTRACE_UNSTABLE_TSERIES: 'enable' } };

  test('intervals that are none, or too many', () => {
    assertDiagnosed(
      `
begin { @a = tseries(1, 0, 5); @b = tseries(1, 1s, 0); @c = tseries(1, 1s, 1000001); @d = tseries(1, 1s, 2000); }
             ~~~~~~~~~~~~~~~~ tseries() interval_ns must be >= 1 (0 provided)
                                    ~~~~~~~~~~~~~~~~~ tseries() num_intervals must be >= 1 (0 provided)
                                                            ~~~~~~~~~~~~~~~~~~~~~~~ tseries() num_intervals must be < 1000000 (1000001 provided)
                                                                                          ~~~~~~~~~~~~~~~~~~~~ tseries() keeps at most 1365 intervals (2000 provided): the kernel has no room for more
`,
      enabled,
    );
  });

  test('aggregates that it does not know', () => {
    assertDiagnosed(
      `
begin { @a = tseries(1, 1s, 5, "median"); @b = tseries(1, 1s, 5, comm); }
             ~~~~~~~~~~~~~~~~~~~~~~~~~~~ tseries() expects one of the following aggregation functions: avg, max, min, sum ("median" provided)
                                               ~~~~~~~~~~~~~~~~~~~~~~~ tseries() expects a string literal (string provided)
`,
      enabled,
    );
  });

  test('to be used where the settings say so', () => {
    assertDiagnosed(
      `
begin { @a = tseries(1, 1s, 5); }
             ~~~~~~~~~~~~~~~~~ tseries feature is not enabled by default. To enable this unstable feature, set the config flag to enable. unstable_tseries=enable
`,
      { environment: { BPFTRACE_UNSTABLE_TSERIES: 'error' } },
    );
  });

  test('to be two series in one map', () => {
    assertDiagnosed(
      `
begin { @a = tseries(1, 1s, 5); @a = tseries(1, 2s, 5); }
                                     ~~~~~~~~~~~~~~~~~ Different tseries bounds in a single map unsupported
`,
      enabled,
    );
  });
});

suite('tseries', () => {
  test('is called unstable once', () => {
    const source = new Source('stdin', 'begin { @a = tseries(1, 1s, 5); @b = tseries(1, 1s, 5); }');
    assert.deepEqual(
      diagnose(source).map(({ severity, code, span }) => [severity, code, span]),
      [['warning', 'unstable-feature', undefined]],
    );
  });
});
