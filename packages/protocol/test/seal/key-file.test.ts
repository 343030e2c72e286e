import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import {
  KeyFileError,
  newKeys,
  parseAgentKeys,
  parseCoordinatorKeys,
} from '../../src/seal/index.ts';

const { agent, coordinator } = newKeys();
const written = (file: object, change: object = {}): string =>
  JSON.stringify({ ...file, ...change });

test('both files of one fleet fit each other', () => {
  const ours = parseCoordinatorKeys(written(coordinator));
  const theirs = parseAgentKeys(written(agent));
  assert.equal(ours.fleet.id, theirs.fleet.id);
  assert.deepEqual([...theirs.signers.keys()], [ours.signer]);
});

test('keys of the other party are refused with the name of the file that is meant', () => {
  assert.throws(() => parseAgentKeys(written(coordinator)), /agent\.json/);
  assert.throws(() => parseCoordinatorKeys(written(agent)), /coordinator\.json/);
});

test('what is no file of keys is refused, without a word of what it holds', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const texts = [
    '',
    'null',
    '[]',
    '{}',
    written(agent, { version: 2 }),
    written(agent, { fleet: 'c2VjcmV0' }),
    written(agent, { fleet: 'c2Vj cmV0*' }),
    written(agent, { fleet: 7 }),
    written(agent, { coordinator: [] }),
    written(agent, { coordinator: 'x' }),
    written(agent, { coordinator: ['c2VjcmV0'] }),
    written(agent, { coordinator: [pem] }),
    written(coordinator, { signing: 'c2VjcmV0' }),
  ];
  for (const text of texts) {
    const read = text.includes('signing') ? parseCoordinatorKeys : parseAgentKeys;
    assert.throws(
      () => read(text),
      (error: unknown) => error instanceof KeyFileError && !error.message.includes('c2Vj'),
      text,
    );
  }
});
