/** Where the coordinator's address and token come from. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { configPath, DEFAULT_URL, findCoordinator } from '../src/config.ts';

let home = '';

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'bpfleet-home-'));
  await mkdir(dirname(configPath(home)), { recursive: true });
});

after(async () => {
  await rm(home, { recursive: true, force: true });
});

async function find(
  flags: { readonly url?: string; readonly token?: string },
  environment: Readonly<Record<string, string>>,
  file: string,
): Promise<unknown> {
  await writeFile(configPath(home), file);
  return findCoordinator(flags, { environment, homeDirectory: home });
}

const FILE = '{"url":"http://file","token":"f"}';
const ENVIRONMENT = { BPFLEET_URL: 'http://environment', BPFLEET_TOKEN: 'e' };

test('flags win over environment and file', async () => {
  assert.deepEqual(await find({ url: 'http://flag/', token: 'x' }, ENVIRONMENT, FILE), {
    urls: ['http://flag'],
    token: 'x',
  });
});

test('the environment wins over the file', async () => {
  assert.deepEqual(await find({}, ENVIRONMENT, FILE), {
    urls: ['http://environment'],
    token: 'e',
  });
});

test('the file is used where nothing else is said', async () => {
  assert.deepEqual(await find({}, {}, FILE), { urls: ['http://file'], token: 'f' });
});

test('without any of them the coordinator is on this machine', async () => {
  const missing = { environment: {}, homeDirectory: join(home, 'missing') };
  assert.deepEqual(await findCoordinator({}, missing), { urls: [DEFAULT_URL] });
});

test('several coordinators are named with commas between them', async () => {
  assert.deepEqual(await find({ url: 'http://a:1, http://b:2/' }, {}, '{}'), {
    urls: ['http://a:1', 'http://b:2'],
  });
  await assert.rejects(find({ url: 'http://a:1,' }, {}, '{}'), /coordinator : not an http/);
});

test('a broken file and a wrong address are errors that name them', async () => {
  await assert.rejects(find({}, {}, '{'), /^UserError: read .*config\.json: /);
  await assert.rejects(find({}, {}, '{"url":7}'), /"url" is not a string/);
  await assert.rejects(find({ url: 'ftp://x' }, {}, '{}'), /coordinator ftp:\/\/x: not an http/);
});
