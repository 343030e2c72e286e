/** Subjects of NATS, of which names are parts, whatever they hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjects } from '@bpfleet/protocol';

test('a name is one token of a subject', () => {
  assert.equal(subjects.heartbeat('web-1.example'), 'bpfleet.v1.agent.web-1%2eexample.heartbeat');
  assert.equal(subjects.data('s', '*.>'), 'bpfleet.v1.session.s.data.%2a%2e%3E');
  assert.equal(subjects.heartbeat('ü'), 'bpfleet.v1.agent.%C3%BC.heartbeat');
});

test('a name that is no text has a subject, and no other name has the same', () => {
  const names = ['a\udc80', 'a\udc81', 'a%udc80', 'a\ufffd', '\ud800', '\ud83d\ude00\ude00'];
  const all = names.map((name) => subjects.report('s', name));
  assert.equal(new Set(all).size, names.length);
  for (const subject of all) assert.match(subject, /^bpfleet\.v1\.session\.s\.report\.[\w%]+$/);
});
