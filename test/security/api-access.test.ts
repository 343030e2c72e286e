/** Who may do what, with the command line against a real coordinator that has TLS and a file of tokens. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TokenFile } from '@bpfleet/coordinator';
import { BpfleetProcess, type Finished } from '../support/bpfleet-process.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { makeCertificate } from '../support/test-certificate.ts';
import { startTestCoordinator, type TestCoordinator } from '../support/test-coordinator.ts';

async function runBpfleet(argv: readonly string[]): Promise<Finished> {
  return new BpfleetProcess(argv).finished();
}

describe('a coordinator with tokens and TLS', { concurrency: false, timeout: 120_000 }, () => {
  let folder: string;
  let nats: NatsServer;
  let coordinator: TestCoordinator;
  let tokens: string;
  let ca: string;
  const texts: Record<string, string> = {};

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-access-'));
    nats = await startNatsServer();
    const tls = makeCertificate(folder);
    ca = tls.certFile;
    tokens = join(folder, 'tokens.json');
    const file = new TokenFile(tokens);
    for (const role of ['viewer', 'operator', 'admin'] as const) {
      texts[role] = (await file.create({ name: `a ${role}`, role })).text;
    }
    coordinator = await startTestCoordinator(nats.url, undefined, { tls, tokens });
  });
  after(async () => {
    await coordinator[Symbol.asyncDispose]();
    await nats.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function as(role: string, ...argv: readonly string[]): Promise<Finished> {
    const where = ['--url', coordinator.url, '--ca', ca, '--token', texts[role] ?? role];
    return runBpfleet([...argv, ...where]);
  }

  it('answers nobody without a good token, and says what is needed', async () => {
    const none = await runBpfleet(['hosts', '--url', coordinator.url, '--ca', ca]);
    assert.deepEqual([none.exitCode, none.out], [1, '']);
    assert.match(none.err, /^bpfleet hosts: a token is needed: --token, BPFLEET_TOKEN/);
    const wrong = await as('bpf_000000000000_nothing', 'hosts');
    assert.match(wrong.err, /^bpfleet hosts: the token is not known here/);
  });

  it('is not believed by whoever does not know its authority', async () => {
    const { err, exitCode } = await runBpfleet([
      ...['hosts', '--url', coordinator.url, '--token', texts['admin'] ?? ''],
    ]);
    assert.equal(exitCode, 1);
    assert.match(err, /its certificate is not trusted here \(\w+\): .* --ca or BPFLEET_CA\n$/);
  });

  it('lets each role do its part', async () => {
    assert.equal((await as('viewer', 'history', 'ls')).exitCode, 0);
    const run = await as('viewer', 'run', '-e', 'BEGIN { exit(); }');
    assert.equal(run.err, 'bpfleet run: a viewer is viewer here, and this needs operator\n');
    const unsafe = await as('operator', 'run', '--unsafe', '-e', 'BEGIN { system("id"); }');
    assert.match(
      unsafe.err,
      /^bpfleet run: a operator is operator here, .*--unsafe.* needs admin\n$/,
    );
    assert.match((await as('operator', 'run', '-e', 'BEGIN { }')).err, /no (live )?host/i);
    assert.match((await as('operator', 'token', 'ls')).err, /needs admin/);
  });

  it('gives and takes tokens while it runs', async () => {
    const made = await as(
      'admin',
      'token',
      'create',
      'guest',
      '--role',
      'viewer',
      '--expires',
      '1h',
    );
    texts['guest'] = made.out.trim();
    assert.match(texts['guest'], /^bpf_/);
    assert.equal((await as('guest', 'hosts')).exitCode, 0);
    const listed = await as('admin', 'token', 'ls');
    const [, id = ''] = /^(\w{12})  guest +viewer +valid /m.exec(listed.out) ?? [];
    assert.equal((await as('admin', 'token', 'revoke', id)).out, `revoked ${id} of guest\n`);
    const later = await as('guest', 'hosts');
    assert.equal(later.err, `bpfleet hosts: token ${id} of guest is revoked\n`);
  });

  it('lets viewers run what was reviewed, and nothing else of it', async () => {
    const program = join(folder, 'reads.bt');
    await writeFile(program, 'BEGIN { printf("%d", $1); exit(); }');
    const add = ['library', 'add', 'reads', program, '--param', '1=number'];
    assert.match((await as('operator', ...add)).err, /needs admin/);
    assert.equal((await as('admin', ...add)).out, 'reads@1\n');
    const run = async (value: string, name = 'reads'): Promise<string> =>
      (await as('viewer', 'library', 'run', name, '--param', `1=${value}`)).err;
    assert.match(await run('1'), /to run reads@1 of the library needs operator/);
    assert.equal((await as('admin', ...add, '--role', 'viewer')).out, 'reads@2\n');
    assert.match(await run('1'), /no (live )?host/i);
    assert.match(await run('1', 'reads@1'), /needs operator/);
    assert.match(await run('1 } BEGIN { }'), /parameter 1 takes number, and not: 1 \}/);
    const shown = await as('viewer', 'library', 'show', 'reads');
    assert.match(shown.out, /^reads +2 +viewers .*1=number\s+reads +1 +operators [^]*BEGIN/m);
    assert.equal((await as('admin', 'library', 'rm', 'reads')).out, 'removed reads\n');
    assert.match(await run('1'), /no reads in the library/);
    assert.match((await as('admin', 'audit')).out, / library +\w+ +added reads@2 for viewers /);
  });

  it('remembers who did what, what was denied, and no token', async () => {
    assert.equal((await as('viewer', 'query', 'SELECT 1 + 1')).exitCode, 0);
    const spied = await as('viewer', 'query', 'SELECT detail FROM audit');
    assert.match(spied.err, /a viewer is viewer here, and SQL that names audit needs admin/);
    const { out } = await as('admin', 'audit');
    assert.match(out, /^\S+ +a admin +127\.0\.0\.1 +token +made \w+, viewer, for guest$/m);
    assert.match(out, / a viewer +127\.0\.0\.1 +query +done +SELECT 1 \+ 1$/m);
    assert.match(out, / a operator +127\.0\.0\.1 +run +[0-9a-f]{16} +no .*hosts?.* BEGIN \{ \}$/m);
    assert.match(out, / a viewer +127\.0\.0\.1 +denied +.* needs operator +POST \/v1\/sessions$/m);
    assert.match(out, / a operator .* denied +.*--unsafe.* needs admin +POST \/v1\/sessions$/m);
    assert.match(out, / denied +a token is needed.* +GET \/v1\/hosts$/m);
    const kept = await readFile(tokens, 'utf8');
    for (const text of Object.values(texts)) {
      assert.ok(!out.includes(text.slice(17)) && !kept.includes(text.slice(17)));
    }
  });
});
