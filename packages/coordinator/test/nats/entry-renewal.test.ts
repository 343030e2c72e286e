import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ORDER_LIFETIME_MS } from '@bpfleet/protocol/seal';
import { EntryRenewal } from '../../src/nats/entry-renewal.ts';

const NOW = 1_700_000_000_000;

function renewal(): { readonly orders: EntryRenewal; readonly written: string[] } {
  const written: string[] = [];
  const orders = new EntryRenewal(async (id, body, revision) => {
    written.push(`${id} ${body} ${revision}`);
    const entry = { body, revision: revision + 1, expiresAtMs: NOW + 2 * ORDER_LIFETIME_MS };
    orders.wrote(id, entry);
    return Promise.resolve();
  });
  orders.close();
  orders.wrote('s1', { body: 'run', revision: 7, expiresAtMs: NOW + ORDER_LIFETIME_MS });
  return { orders, written };
}

test('an order is given again before it expires, and not sooner', async () => {
  const { orders, written } = renewal();
  await orders.renew(NOW);
  assert.deepEqual(written, []);
  await orders.renew(NOW + 0.6 * ORDER_LIFETIME_MS);
  await orders.renew(NOW + 0.7 * ORDER_LIFETIME_MS);
  assert.deepEqual(written, ['s1 run 7']);
});

test('what others have written since, or what is removed, is theirs to renew', async () => {
  const { orders, written } = renewal();
  orders.saw('s1', 7);
  orders.wrote('s2', { body: 'run', revision: 9, expiresAtMs: NOW });
  orders.forget('s2');
  orders.saw('s1', 8);
  await orders.renew(NOW + ORDER_LIFETIME_MS);
  assert.deepEqual(written, []);
});
