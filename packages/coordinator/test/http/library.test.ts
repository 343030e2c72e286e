/** What the library lets whom run, asked over its routes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LibraryProgram, RunRequest } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Access } from '../../src/auth/access.ts';
import type { Authenticator } from '../../src/auth/principal.ts';
import { isRole } from '../../src/auth/role.ts';
import { createApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import type { AuditedAction } from '../../src/store/audit-row.ts';

const NAMES: Authenticator = {
  authenticate: async (name) => (isRole(name) ? { name, role: name, via: 'token' } : undefined),
};

const READS = {
  program: 'BEGIN { printf("%d", $1); exit(); }',
  sourceName: 'tools/reads.bt',
  parameters: [{ name: '1', accepts: 'number' }],
  role: 'viewer',
} as const;

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Library {
  readonly app: FastifyInstance;
  readonly runs: readonly RunRequest[];
  readonly audit: readonly AuditedAction[];
  readonly ask: (by: string, route: string, payload?: object) => Promise<Answer>;
}

async function library(): Promise<Library> {
  const rows: LibraryProgram[] = [];
  const runs: RunRequest[] = [];
  const audit: AuditedAction[] = [];
  const own = { stop: async () => {}, info: () => ({ coverage: { who: 'viewer', digest: '' } }) };
  const services = {
    sessions: {
      get: (id: string) => (id === 'sown' ? own : undefined),
      run: async (request: RunRequest) => {
        runs.push(request);
        return { kind: 'started', session: { id: 's1' } };
      },
    },
    store: {
      audit: async (action: AuditedAction) => void audit.push(action),
      history: { events() {}, spans() {}, points() {} },
      library: {
        add: async (added: LibraryProgram) => void rows.push(added),
        versions: async (name: string) => rows.filter((row) => row.name === name).toReversed(),
      },
    },
  } as unknown as Services;
  const access = new Access({ authenticators: [NAMES] });
  const app = await createApp({ services, access, log: pino({ level: 'silent' }) });
  return {
    ...{ app, runs, audit },
    ask: async (by, route, payload) => {
      const [method, url] = route.split(' ') as ['POST', string];
      const headers = { authorization: `Bearer ${by}` };
      const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
      return { status: answer.statusCode, body: answer.body };
    },
  };
}

function run(values: object, more: object = {}): object {
  return { values, selector: { hosts: [], labels: {} }, who: 'me', ...more };
}

describe('the library', () => {
  it('is changed by admins, and keeps every version', async () => {
    const { app, ask, audit } = await library();
    assert.equal((await ask('operator', 'PUT /v1/library/reads', READS)).status, 403);
    assert.equal((await ask('admin', 'PUT /v1/library/reads', READS)).status, 201);
    assert.equal((await ask('admin', 'DELETE /v1/library/reads')).status, 200);
    assert.equal((await ask('admin', 'GET /v1/library/reads')).status, 404);
    assert.equal((await ask('viewer', 'POST /v1/library/reads/run', run({ 1: '1' }))).status, 404);
    await ask('admin', 'PUT /v1/library/reads', { ...READS, program: 'BEGIN { exit(); }' });
    const { body } = await ask('viewer', 'GET /v1/library/reads');
    const versions = JSON.parse(body) as readonly LibraryProgram[];
    assert.deepEqual(
      versions.map(({ version, removed }) => [version, removed]),
      [
        [3, false],
        [2, true],
        [1, false],
      ],
    );
    assert.deepEqual(
      audit.filter(({ action }) => action === 'library').map(({ outcome }) => outcome),
      ['added reads@1 for viewers', 'removed reads@2 for viewers', 'added reads@3 for viewers'],
    );
    await app.close();
  });

  it('takes no program that does not parse, nor parameters that nobody could give', async () => {
    const { app, ask } = await library();
    const add = async (change: object) =>
      ask('admin', 'PUT /v1/library/x', { ...READS, ...change });
    assert.equal((await add({ program: 'BEGIN {' })).status, 422);
    assert.equal((await add({ parameters: [{ name: '1', accepts: '(' }] })).status, 400);
    assert.equal((await add({ role: 'admin' })).status, 400);
    assert.equal((await ask('admin', 'PUT /v1/library/..%2fx', READS)).status, 400);
    await app.close();
  });

  it('is run by viewers as it was reviewed, under its name and version', async () => {
    const { app, ask, runs, audit } = await library();
    await ask('admin', 'PUT /v1/library/reads', READS);
    const { status } = await ask('viewer', 'POST /v1/library/reads/run', run({ 1: '42' }));
    assert.equal(status, 201);
    assert.deepEqual(runs, [
      {
        program: READS.program,
        sourceName: 'tools/reads@1',
        parameters: ['42'],
        unsafe: false,
        selector: { hosts: [], labels: {} },
        who: 'viewer',
        durationMs: 600_000,
      },
    ]);
    assert.match(audit.at(-1)?.detail ?? '', /^library reads@1\n1=42\nBEGIN/);
    await app.close();
  });

  it('lets viewers change nothing about what they run', async () => {
    const { app, ask, runs } = await library();
    await ask('admin', 'PUT /v1/library/reads', READS);
    await ask('admin', 'PUT /v1/library/deep', { ...READS, role: 'operator' });
    const status = async (body: object, name = 'reads'): Promise<number> =>
      (await ask('viewer', `POST /v1/library/${name}/run`, body)).status;
    assert.equal(await status(run({ 1: '1' }), 'deep'), 403);
    assert.equal(await status(run({ 1: '1 } BEGIN { }' })), 400);
    assert.equal(await status(run({ 1: '1', more: '1' })), 400);
    for (const more of [
      { program: 'BEGIN { }' },
      { unsafe: true },
      { namedParameters: ['a=b'] },
      { parameters: ['1'] },
      { files: {} },
      { includes: ['/etc/passwd'] },
      { sourceName: 'x' },
    ]) {
      assert.equal(await status(run({ 1: '1' }, more)), 400, Object.keys(more)[0]);
    }
    assert.equal(await status(run({ 1: '1' }, { budget: { cpuShare: 1 } })), 403);
    assert.equal(await status(run({ 1: '1' }, { durationMs: 600_001 })), 403);
    assert.deepEqual(runs, []);
    await app.close();
  });

  it('leaves what viewers run for them to stop, and nothing else', async () => {
    const { app, ask } = await library();
    assert.equal((await ask('viewer', 'POST /v1/sessions/sown/stop')).status, 200);
    assert.equal((await ask('viewer', 'POST /v1/sessions/sother/stop')).status, 403);
    await app.close();
  });
});
