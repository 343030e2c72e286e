/** Which sessions a filter finds. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { HistoryFilter, SessionInfo } from '@bpfleet/protocol';
import { globPattern } from '../../src/history/session-filter.ts';
import { recordedStore, schemaOf, type RecordedStore } from '../support/recorded-store.ts';

const HOUR_MS = 3_600_000;

describe('the list of sessions', { concurrency: false }, () => {
  let recorded: RecordedStore;

  before(async () => {
    recorded = await recordedStore();
    const make = async (
      id: string,
      hour: number,
      program: string,
      who: string,
      hosts: readonly string[],
      more: Partial<SessionInfo> = {},
    ): Promise<void> => {
      const createdAtMs = hour * HOUR_MS;
      const endedAtMs = createdAtMs + HOUR_MS / 2;
      const given = { id, program, createdAtMs, endedAtMs, ...more };
      await recorded.record(
        given,
        schemaOf([]),
        Object.fromEntries(hosts.map((host) => [host, []])),
      );
      const [info] = await recorded.store.history.list({ text: program });
      assert.ok(info);
      await recorded.store.putSession(
        { info: { ...info, coverage: { ...info.coverage, who } }, schemas: {} },
        1_000 + hour,
      );
      await recorded.store.flush();
    };
    await make('sopen', 10, 't:syscalls:sys_enter_open* { @ = count(); }', 'ann', [
      'web-1',
      'db-1',
    ]);
    await make('sread', 11, 'k:vfs_read, kr:vfs_read { @x = count(); }', 'bob', ['web-2']);
    await make('stick', 12, 'i:s:1 { print(1); }', 'ann', ['db-1'], {
      state: 'failed',
      sourceName: "it's.bt",
    });
  });
  after(async () => recorded[Symbol.asyncDispose]());

  const cases: readonly (readonly [string, HistoryFilter, readonly string[]])[] = [
    ['has all, the newest first', {}, ['stick', 'sread', 'sopen']],
    ['has as many as asked for', { limit: 1 }, ['stick']],
    ['has those that ended after a time', { sinceMs: 11.25 * HOUR_MS }, ['stick', 'sread']],
    ['has those that began before a time', { untilMs: 11 * HOUR_MS }, ['sread', 'sopen']],
    ['has those of a range', { sinceMs: 10.6 * HOUR_MS, untilMs: 11.9 * HOUR_MS }, ['sread']],
    ['has those of a user', { user: 'ann' }, ['stick', 'sopen']],
    ['takes wildcards for users', { user: '?o*' }, ['sread']],
    ['has those of a host', { host: 'db-1' }, ['stick', 'sopen']],
    ['takes wildcards for hosts', { host: 'web-*' }, ['sread', 'sopen']],
    ['has those with a text, in any case', { text: 'VFS_' }, ['sread']],
    ['finds names of files', { text: "it's" }, ['stick']],
    ['takes no part of a text for a pattern', { text: '%' }, []],
    ['has those in a state', { state: 'failed' }, ['stick']],
    ['knows providers by their other names', { probe: 'kretprobe:vfs_*' }, ['sread']],
    [
      'finds a probe that a wildcard stands for',
      { probe: 't:syscalls:sys_enter_openat' },
      ['sopen'],
    ],
    ['finds wildcards by wildcards', { probe: 'tracepoint:*' }, ['sopen']],
    ['finds no probe by a part of its name', { probe: 'vfs_read' }, []],
    ['joins conditions', { user: 'ann', host: 'web-1' }, ['sopen']],
  ];
  for (const [name, filter, expected] of cases) {
    it(name, async () => {
      const found = await recorded.store.history.list(filter);
      assert.deepEqual(
        found.map(({ id }) => id),
        expected,
      );
    });
  }
});

describe('a glob', () => {
  for (const [glob, text, fits] of [
    ['a*', 'abc', true],
    ['a*', 'ba', false],
    ['a?c', 'abc', true],
    ['a.c', 'abc', false],
    ['[a]', '[a]', true],
    ['(x', '(x', true],
    ['*', 'two\nlines', true],
  ] as const) {
    it(`${glob} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, () => {
      assert.equal(new RegExp(globPattern(glob).replace('(?s)', ''), 's').test(text), fits);
    });
  }
});
