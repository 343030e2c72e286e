import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '../../src/debug/crc32.ts';
import { debugFilePaths } from '../../src/debug/debug-file-paths.ts';

test('debug information is looked for by build id, then by name, first where the user said', () => {
  const file = { path: '/opt/app/bin/server', buildId: 'abcdef', linkedName: 'server.dbg' };
  assert.deepEqual(debugFilePaths(file, ['symbols', '/srv/debug']), [
    '/srv/debug/.build-id/ab/cdef.debug',
    '/usr/lib/debug/.build-id/ab/cdef.debug',
    '/opt/app/bin/symbols/server.dbg',
    '/srv/debug/opt/app/bin/server.dbg',
    '/srv/debug/server.dbg',
    '/opt/app/bin/server.dbg',
    '/opt/app/bin/.debug/server.dbg',
    '/usr/lib/debug/opt/app/bin/server.dbg',
    '/usr/lib/debug/server.dbg',
  ]);
});

test('a program that names no debug file has one that is called after it, and is not its own', () => {
  assert.deepEqual(debugFilePaths({ path: '/bin/a' }, []).slice(0, 2), [
    '/bin/a.debug',
    '/bin/.debug/a.debug',
  ]);
  const own = debugFilePaths({ path: '/bin/a', linkedName: 'a' }, []);
  assert.ok(!own.includes('/bin/a'));
});

test('the checksum is that of zip files', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
});
