/** What can be said without a machine. */
import { suite, test } from 'node:test';
import { check } from '../../src/analysis/check.ts';
import { assertSquiggles } from '../diagnostics/squiggle.ts';

function assertChecked(picture: string): void {
  assertSquiggles(picture, (source) => check(source).diagnostics);
}

suite('check', () => {
  test('accepts programs for probes that it cannot know', () => {
    assertChecked(
      'tracepoint:any:thing /args.x/ { @[comm, kstack(perf, 3)] = hist(nsecs(boot)); }',
    );
    assertChecked('usdt:name { print(arg0); }');
  });

  test('reports names, argument counts, attach points, settings and what is not supported', () => {
    assertChecked(`
config = { nope = 1 } fooprobe:x { comn; prin(1); hist(); print(elapsed("abc")); break; }
           ~~~~~~~~ nope: not a known configuration option
                                                                ~~~~~~~~~~~~~~ function 'elapsed' is not supported yet
                                                                                 ~~~~~~ 'break' statement is not allowed outside of a loop
                                   ~~~~ Unknown identifier: 'comn'
                                         ~~~~ Unknown function: 'prin'
                                                  ~~~~~~ hist() requires at least one argument (0 provided)
                      ~~~~~~~~~~ Invalid probe type: fooprobe
`);
  });

  test('leaves constants to the machines that have them, and knows those of the program', () => {
    assertChecked(
      '#define twice(x) x\nenum { low };\nbegin { print((TCP_LISTEN, low, twice(AF_INET))); }',
    );
  });

  test('reports syntax errors alone', () => {
    assertChecked(`
BEGIN { comn
            ^ syntax: expected ';'
`);
  });
});
