import assert from 'node:assert/strict';
import test from 'node:test';
import type { HostInfo } from '@bpfleet/protocol';
import { ApiClient } from '../../src/api-client.ts';
import { waitForHosts } from '../../src/commands/wait-for-hosts.ts';
import { fakeCoordinator, json, type FakeCoordinator } from '../support/fake-coordinator.ts';
import { testTerminal } from '../support/test-terminal.ts';

const ALL = { hosts: [], labels: {} };

function host(name: string, state: 'live' | 'lost' = 'live'): HostInfo {
  const seen = { state, lastSeenMs: 0, clockOffsetNs: 0, clockErrorNs: 0, sessions: [] };
  return { host: name, labels: {}, kernel: '', arch: '', features: [], agentVersion: '', ...seen };
}

/** Answers with each of these in turn, then with the last one. */
function answering(answers: readonly (readonly HostInfo[])[]): Promise<FakeCoordinator> {
  const left = [...answers];
  return fakeCoordinator((_call, response) => {
    json(response, 200, left.length > 1 ? left.shift() : left[0]);
  });
}

test('it waits until as many hosts are live, and says each change once', async () => {
  const one = [host('a'), host('b', 'lost')];
  await using server = await answering([one, one, [host('a'), host('b')]]);
  const terminal = testTerminal();
  const client = new ApiClient({ urls: [server.url] });
  assert.equal(await waitForHosts(client, ALL, { hosts: 2, timeoutMs: 60_000 }, terminal), true);
  assert.equal(terminal.printed.err, 'waiting for hosts: 1 of 2 hosts\n');
});

test('hosts that were not asked for do not count', async () => {
  await using server = await answering([[host('a'), host('b')]]);
  const client = new ApiClient({ urls: [server.url] });
  const selector = { hosts: ['a', 'c'], labels: {} };
  await assert.rejects(
    waitForHosts(client, selector, { hosts: 2, timeoutMs: 0 }, testTerminal()),
    /waited 0 s and there are 1 of 2 hosts/,
  );
});

test('an interrupt ends the wait', async () => {
  await using server = await answering([[]]);
  const client = new ApiClient({ urls: [server.url] });
  const terminal = testTerminal();
  const waiting = waitForHosts(client, ALL, { hosts: 1, timeoutMs: 60_000 }, terminal);
  terminal.interrupt();
  assert.equal(await waiting, false);
});
