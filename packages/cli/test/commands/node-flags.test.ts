/** Which node's pods an agent follows. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nodeOf } from '../../src/commands/node-flags.ts';

const CLUSTER = { url: 'https://10.43.0.1:443', tokenPath: '/token' };

describe('nodeOf', () => {
  const warned: string[] = [];
  const warn = (message: string): void => {
    warned.push(message);
  };

  test('is nothing outside of Kubernetes, whatever the environment calls its node', () => {
    assert.equal(nodeOf({}, undefined, undefined, warn), undefined);
    assert.equal(nodeOf({}, 'laptop', undefined, warn), undefined);
  });

  test('takes the cluster around, and the node that the downward API tells', () => {
    assert.deepEqual(nodeOf({}, 'node-1', CLUSTER, warn), { api: CLUSTER, node: 'node-1' });
    assert.deepEqual(nodeOf({ node: 'node-2' }, 'node-1', CLUSTER, warn), {
      api: CLUSTER,
      node: 'node-2',
    });
  });

  test('takes the server that is named', () => {
    const flags = { node: 'node-1', kubernetesApi: 'http://127.0.0.1:8001' };
    assert.deepEqual(nodeOf(flags, undefined, CLUSTER, warn), {
      api: { url: 'http://127.0.0.1:8001' },
      node: 'node-1',
    });
    assert.deepEqual(warned, []);
  });

  test('says what is missing', () => {
    assert.equal(nodeOf({}, undefined, CLUSTER, warn), undefined);
    assert.match(warned[0] ?? '', /^which node this is is not known.*NODE_NAME/);
    assert.throws(() => nodeOf({ node: 'x' }, undefined, undefined, warn), /--kubernetes-api/);
    const flags = { kubernetesApi: 'http://127.0.0.1:8001' };
    assert.throws(() => nodeOf(flags, '', undefined, warn), /--node/);
  });
});
