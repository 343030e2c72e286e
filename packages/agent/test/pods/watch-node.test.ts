/** Pods and labels of a node, as an API server tells of them on good days and bad ones. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { PodTable } from '../../src/pods/pod-table.ts';
import { NodeWatch } from '../../src/pods/watch-node.ts';
import { ApiServer } from './api-server.ts';
import { podObject } from './pod-object.ts';

const NODE = {
  kind: 'Node',
  metadata: { name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'eu-1a' } },
};
const pod = (name: string, labels = { app: 'web' }): Readonly<Record<string, unknown>> =>
  podObject({ uid: `uid-${name}`, name, labels });
const PODS_WATCH = /^GET \/api\/v1\/pods\?.*watch=1/;
const PODS_LIST = /^GET \/api\/v1\/pods\?(?!.*watch=1)/;

describe('NodeWatch', () => {
  let server = new ApiServer();
  let pods = new PodTable();
  let watch: NodeWatch;
  let labels: Readonly<Record<string, string>> = {};
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-token-'));
  const tokenPath = join(folder, 'token');

  const wake = (): void => waiting.forEach((check) => check());
  const until = async (what: () => boolean): Promise<void> => {
    while (!what()) {
      await new Promise<void>((resolve) => {
        const check = (): void => {
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
      });
    }
  };
  const names = (): string => pods.all.map(({ name }) => name).join(' ');

  beforeEach(async () => {
    writeFileSync(tokenPath, 'first\n');
    server = await new ApiServer().start();
    server.put('nodes', NODE);
    server.put('pods', pod('web-1'));
    pods = new PodTable();
    pods.onChange(wake);
    said.length = 0;
    const log = {
      warn: (text: string): void => {
        said.push(text);
        wake();
      },
      info: (text: string): void => {
        said.push(text);
        wake();
      },
    };
    watch = new NodeWatch({
      api: { url: server.url, tokenPath },
      node: 'node-1',
      pods,
      onLabels: (told) => {
        labels = told;
        wake();
      },
      log: log as never,
      retry: { firstMs: 5, mostMs: 20 },
    });
    await watch.listed;
    await server.asked(PODS_WATCH);
  });

  afterEach(async () => {
    await watch.close();
    await server.stop();
  });
  after(() => rmSync(folder, { recursive: true }));

  test('asks for this node alone, and goes on from the list', () => {
    assert.equal(names(), 'web-1');
    assert.deepEqual(labels, { 'topology.kubernetes.io/zone': 'eu-1a' });
    const asked = server.requests.filter((request) => request.includes('/pods'));
    assert.equal(asked[0], 'GET /api/v1/pods?fieldSelector=spec.nodeName=node-1&limit=500');
    assert.match(
      asked[1] ?? '',
      /watch=1&allowWatchBookmarks=true&resourceVersion=1002&timeoutSeconds=\d+$/,
    );
    assert(server.requests.some((request) => request.includes('metadata.name=node-1')));
  });

  test('knows pods that are created, changed, and gone or moved to another node', async () => {
    server.put('pods', pod('web-2'));
    await until(() => names() === 'web-1 web-2');
    server.put('pods', pod('web-2', { app: 'api' }));
    await until(() => pods.get('uid-web-2')?.labels['app'] === 'api');
    server.remove('pods', pod('web-1'));
    await until(() => names() === 'web-2');
    assert.equal(pods.named('uid-web-1')?.name, 'web-1', 'it still has a name');
    server.put('nodes', { ...NODE, metadata: { name: 'node-1', labels: { zone: 'b' } } });
    await until(() => labels['zone'] === 'b');
    assert.deepEqual(said, []);
  });

  test('goes on after the last change or bookmark when a watch ends', async () => {
    server.put('pods', pod('web-2'));
    server.bookmark();
    server.put('nodes', NODE);
    const seen = Number(server.version) - 1;
    await until(() => names() === 'web-1 web-2');
    server.endWatches();
    await server.asked(PODS_WATCH, 2);
    const last = server.requests.findLast((request) => PODS_WATCH.test(request)) ?? '';
    assert.match(last, new RegExp(`resourceVersion=${seen}&`));
    assert.equal(server.requests.filter((request) => PODS_LIST.test(request)).length, 1);
    assert.deepEqual(said, []);
  });

  test('lists again what it missed when the server does not remember', async () => {
    server.remove('pods', pod('web-1'), true);
    server.expire();
    server.put('pods', pod('web-3'));
    await until(() => names() === 'web-3');
    assert.deepEqual(said, [], 'which is nothing to complain of');
  });

  test('keeps what it knows while the server is away, and catches up', async () => {
    await server.stop();
    const failure = 'cannot watch the pods of node node-1: GET /api/v1/pods: ';
    await until(() => said.some((line) => line.startsWith(failure)));
    assert.equal(names(), 'web-1');
    server.put('pods', pod('web-2'));
    await server.start();
    // The change was not told to anybody: this version is one that the server remembers no more.
    await server.asked(PODS_WATCH, 2);
    server.expire();
    await until(() => names() === 'web-1 web-2');
    await until(() => said.includes('pods of node node-1 are known again'));
  });

  test('says what it may not do, once, and goes on when it may', async () => {
    server.refusal = { status: 403, message: 'pods is forbidden: User "x" cannot list' };
    server.endWatches();
    await until(() => said.length >= 2);
    await server.asked(PODS_WATCH, 4);
    assert.deepEqual(said.toSorted(), [
      'cannot watch the labels of node node-1: GET /api/v1/nodes: 403 pods is forbidden: ' +
        'User "x" cannot list; the agent\'s service account needs get, list and watch of pods and nodes',
      'cannot watch the pods of node node-1: GET /api/v1/pods: 403 pods is forbidden: ' +
        'User "x" cannot list; the agent\'s service account needs get, list and watch of pods and nodes',
    ]);
    server.refusal = undefined;
    await server.asked(PODS_WATCH, 5);
    server.put('pods', pod('web-2'));
    await until(() => names() === 'web-1 web-2');
  });

  test('shows the token that there is now', async () => {
    assert.deepEqual([...server.tokens], ['Bearer first']);
    writeFileSync(tokenPath, 'second');
    server.endWatches();
    await server.asked(PODS_WATCH, 2);
    assert(server.tokens.has('Bearer second'));
  });

  test('reads a list that comes in pages', async () => {
    server.pageSize = 2;
    for (const name of ['a', 'b', 'c', 'd']) server.put('pods', pod(name));
    server.remove('pods', pod('web-1'), true);
    await until(() => names() === 'web-1 a b c d');
    server.expire();
    await until(() => names() === 'a b c d');
  });

  test('outlives an answer that is none', async () => {
    server.refusal = { status: 200, message: 'hello' };
    server.expire();
    await until(() => said.some((line) => line.includes('/api/v1/pods: no list')));
    server.refusal = undefined;
    server.put('pods', pod('web-2'));
    await until(() => names() === 'web-1 web-2');
  });
});
