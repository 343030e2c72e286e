import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cppMatcher, withoutParameters } from '../../src/target/cpp-names.ts';

const INT = '_ZN5MyApp6Server14handle_requestEi';
const DOUBLE = '_ZN5MyApp6Server14handle_requestEd';

function matching(pattern: string): readonly string[] {
  const names = [INT, DOUBLE, '_ZN5MyApp6ServerC1Ev', '_ZN5MyApp6ServerlsERKSs', 'main'];
  return names.filter(cppMatcher(pattern));
}

test('a name of C++ is all functions that have it, whatever their parameters', () => {
  assert.deepEqual(matching('MyApp::Server::handle_request'), [INT, DOUBLE]);
  assert.deepEqual(matching('Server::handle_request'), []);
});

test('parameters are told apart where they are written', () => {
  assert.deepEqual(matching('MyApp::Server::handle_request(int)'), [INT]);
  assert.deepEqual(matching('*(double)'), [DOUBLE]);
});

test('wildcards, constructors and operators match as they are read', () => {
  assert.deepEqual(matching('*_request'), [INT, DOUBLE]);
  assert.deepEqual(matching('MyApp::Server::Server'), ['_ZN5MyApp6ServerC1Ev']);
  assert.deepEqual(matching('*operator<<'), ['_ZN5MyApp6ServerlsERKSs']);
  assert.deepEqual(matching('*(std::string const&)'), ['_ZN5MyApp6ServerlsERKSs']);
});

test('mangled names and those of C match too, parts of functions never', () => {
  assert.deepEqual(matching(INT), [INT]);
  assert.deepEqual(matching('main'), ['main']);
  assert.equal(cppMatcher('*')(`${INT}.part.0`), false);
});

test('the last parameters of a readable name are cut off', () => {
  assert.equal(withoutParameters('f(void (*)(int)) const'), 'f');
  assert.equal(withoutParameters('(anonymous namespace)::f(int)'), '(anonymous namespace)::f');
  assert.equal(withoutParameters('f'), 'f');
});
