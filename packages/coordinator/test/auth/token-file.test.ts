/** Tokens: made, known again, ended, and never kept as they are. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CredentialError } from '../../src/auth/principal.ts';
import { TokenFile, TokenFileError } from '../../src/auth/token-file.ts';

let folder: string;
let made = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bpfleet-tokens-'));
});
after(async () => rm(folder, { recursive: true, force: true }));

function newFile(): TokenFile {
  made += 1;
  return new TokenFile(join(folder, `${made}.json`));
}

test('a token is known by its text, and the file does not have it', async () => {
  const file = newFile();
  const { text } = await file.create({ name: 'ann', role: 'operator' });
  assert.match(text, /^bpf_[0-9a-f]{12}_[\w-]{43}$/);
  assert.deepEqual(await file.authenticate(text), { name: 'ann', role: 'operator', via: 'token' });
  const kept = await readFile(file.path, 'utf8');
  assert.ok(!kept.includes(text.slice(17)), kept);
  assert.equal((await stat(file.path)).mode & 0o777, 0o600);
});

test('what is cut, changed or of another file is not known', async () => {
  const file = newFile();
  const { text } = await file.create({ name: 'ann', role: 'admin' });
  const { text: foreign } = await newFile().create({ name: 'ann', role: 'admin' });
  const last = text.at(-1) === 'A' ? 'Q' : 'A';
  for (const wrong of [
    '',
    'bpf_',
    text.slice(0, -1),
    `${text}A`,
    text.slice(0, -1) + last,
    foreign,
  ]) {
    assert.equal(await file.authenticate(wrong), undefined, wrong);
  }
});

test('an expired or revoked one says so to whoever has it, and to nobody else', async () => {
  const file = newFile();
  const { text: old } = await file.create({
    name: 'old',
    role: 'admin',
    expiresAtMs: Date.now() - 1,
  });
  const { text, record } = await file.create({ name: 'ann', role: 'admin' });
  await file.revoke(record.id);
  for (const [token, state] of [
    [old, /old is expired/],
    [text, /ann is revoked/],
  ] as const) {
    await assert.rejects(file.authenticate(token), (error) => {
      return error instanceof CredentialError && state.test(error.message);
    });
  }
  assert.equal(await file.authenticate(`bpf_${record.id}_${'A'.repeat(43)}`), undefined);
  assert.equal(await file.revoke('0'.repeat(12)), undefined);
});

test('a change by another process holds at once', async () => {
  const file = newFile();
  const { text, record } = await file.create({ name: 'ann', role: 'viewer' });
  assert.ok(await file.authenticate(text));
  await new TokenFile(file.path).revoke(record.id);
  await assert.rejects(file.authenticate(text), /revoked/);
});

test('changes at the same time are all made', async () => {
  const file = newFile();
  const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await Promise.all(names.map(async (name) => file.create({ name, role: 'viewer' })));
  assert.deepEqual((await file.records()).map(({ name }) => name).toSorted(), names.toSorted());
});

test('a file that others may write is refused', async () => {
  const file = newFile();
  await file.create({ name: 'ann', role: 'viewer' });
  await chmod(file.path, 0o620);
  await assert.rejects(file.records(), /others may write it.*chmod 600/);
});

for (const [what, text] of [
  ['text', 'nothing'],
  ['no version', '{"tokens":[]}'],
  ['a role that is none', '{"version":1,"tokens":[{"id":"0123456789ab","name":"a","role":"god"}]}'],
  ['null', 'null'],
] as const) {
  test(`a file of ${what} is refused by name`, async () => {
    const file = newFile();
    await writeFile(file.path, text, { mode: 0o600 });
    await assert.rejects(file.records(), (error) => {
      return error instanceof TokenFileError && error.message.includes(file.path);
    });
  });
}

test('no file is a file without tokens', async () => {
  assert.deepEqual(await newFile().records(), []);
});
