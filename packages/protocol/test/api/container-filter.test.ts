/** What of its hosts a session is about: selectors, workloads, and what is wrong with them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  containerFilterFault,
  matchesLabels,
  parseLabelSelector,
  parseWorkload,
} from '../../src/index.ts';

function selects(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const parsed = parseLabelSelector(selector);
  assert(parsed.ok, selector);
  return matchesLabels(parsed.requirements, labels);
}

describe('label selectors', () => {
  const web = { app: 'web', tier: 'front', 'app.kubernetes.io/name': 'shop', empty: '' };
  for (const selector of [
    '',
    ' ',
    'app=web',
    'app==web',
    'app = web',
    'app=web,tier=front',
    'app=web, tier!=back',
    'env!=prod',
    'app in (web, api)',
    'app in (web),tier notin (back,middle)',
    'env notin (prod)',
    'app',
    '!env',
    'app,!env',
    'app.kubernetes.io/name=shop',
    'empty=',
    'empty in ()',
  ]) {
    test(`"${selector}" selects`, () => assert.equal(selects(selector, web), true));
  }
  for (const selector of [
    'app=api',
    'app!=web',
    'env',
    '!app',
    'app in (api)',
    'tier notin (front,back)',
    'app=web,env=prod',
    'toString',
    'constructor=x',
  ]) {
    test(`"${selector}" does not`, () => assert.equal(selects(selector, web), false));
  }
  for (const selector of [
    'app=web,',
    '=web',
    'app=a b',
    'app in web',
    'app in (a',
    'app>=5',
    '-app',
    'a/b/c=d',
    'app=(web)',
    'app=web;env=prod',
    '!',
  ]) {
    test(`"${selector}" is refused`, () => {
      const parsed = parseLabelSelector(selector);
      assert(!parsed.ok);
      assert.match(parsed.message, /is no label selector: ".*" is none of key=value,/);
    });
  }
});

describe('workloads', () => {
  test('go by the names that kubectl has', () => {
    assert.deepEqual(parseWorkload('deploy/web'), { kind: 'Deployment', name: 'web' });
    assert.deepEqual(parseWorkload('Deployment/web'), { kind: 'Deployment', name: 'web' });
    assert.deepEqual(parseWorkload('deployment.apps/web'), { kind: 'Deployment', name: 'web' });
    assert.deepEqual(parseWorkload('sts/db'), { kind: 'StatefulSet', name: 'db' });
    assert.deepEqual(parseWorkload('pod/web-1'), { kind: 'Pod', name: 'web-1' });
    for (const text of ['web', 'deploy/', 'deploy/a/b', 'svc/web', 'toString/x', '/web', '']) {
      assert.equal(parseWorkload(text), undefined, text);
    }
  });
});

describe('container filters', () => {
  test('say what is wrong with them', () => {
    for (const filter of [
      {},
      { pods: 'app=web', namespace: 'shop', workload: 'ds/agent' },
      { containers: ['nginx', 'ssh.service'], cgroups: ['/system.slice'] },
    ]) {
      assert.equal(containerFilterFault(filter), undefined);
    }
    assert.match(containerFilterFault({ pods: 'a b' }) ?? '', /^"a b" is no label selector/);
    assert.match(containerFilterFault({ namespace: 'Shop' }) ?? '', /^"Shop" is no name of a/);
    assert.match(containerFilterFault({ workload: 'web' }) ?? '', /^"web" is no workload: write/);
    assert.match(containerFilterFault({ containers: [''] }) ?? '', /no empty name/);
    assert.match(containerFilterFault({ cgroups: ['web'] }) ?? '', /must be a path from the root/);
    assert.match(containerFilterFault({ cgroups: ['/'] }) ?? '', /all processes are in the cgroup/);
  });
});
