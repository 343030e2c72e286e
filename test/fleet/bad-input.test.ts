import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { BpfleetProcess, type Finished } from '../support/bpfleet-process.ts';
import { descendants } from '../support/bpf-programs.ts';
import { publishGarbage } from '../support/garbage.ts';
import { freePort } from '../support/nats-server.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildSyscallLoad, LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, THREE_HOSTS } from '../support/test-fleet.ts';
import { TOO_MANY_BRANCHES } from '../support/too-many-branches.ts';

const ALL = 'on db-1, web-1, web-2';

interface Mistake {
  readonly name: string;
  readonly program: string;
  /** All that standard error has. */
  readonly says: string | RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a syntax error, which no host is asked about',
    program: 'BEGIN { printf("hi" }',
    says: `stdin:1:21-22: ERROR: syntax: expected ')'
BEGIN { printf("hi" }
                    ~
`,
  },
  {
    name: 'an empty program',
    program: '',
    says: `stdin:1:1-1: ERROR: No probes to attach\n${ALL}\n`,
  },
  {
    name: 'an unknown probe',
    program: 'tracepoint:syscalls:sys_enter_raed { @ = count(); }',
    says: `stdin:1:1-35: ERROR: No matches for tracepoint syscalls:sys_enter_raed.
tracepoint:syscalls:sys_enter_raed { @ = count(); }
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
HINT: Did you mean 'syscalls:sys_enter_read'?
${ALL}
`,
  },
  {
    name: 'an unknown field',
    program: 'tracepoint:syscalls:sys_enter_openat { @[str(args.filenam)] = count(); }',
    says: `stdin:1:51-58: ERROR: Struct/union of type 'struct _tracepoint_syscalls_sys_enter_openat' does not contain a field named 'filenam'
tracepoint:syscalls:sys_enter_openat { @[str(args.filenam)] = count(); }
                                                  ~~~~~~~
HINT: Did you mean 'filename'?
${ALL}
`,
  },
  {
    name: 'a type error',
    program: 'BEGIN { @ = 1; @ = "one"; }',
    says: /^stdin:1:16-25: ERROR: Type mismatch for @: .*\nBEGIN \{ @ = 1; @ = "one"; \}\n {15}~+\non db-1, web-1, web-2\n$/,
  },
  {
    name: 'an unsafe function without --unsafe',
    program: 'BEGIN { system("id"); }',
    says: /^stdin:1:9-21: ERROR: system\(\) is an unsafe function.*\n.*\n {8}~+\nHINT: .*\non db-1, web-1, web-2\n$/,
  },
  {
    name: 'a program that the verifier refuses',
    program: TOO_MANY_BRANCHES,
    says: /^stdin:1:17-41: ERROR: The program of begin takes more steps than the kernel's verifier follows: The sequence of 8193 jumps.*\n.*\n {16}~+\nHINT: .*\non db-1, web-1, web-2\n$/,
  },
];

/** Agents that run from their sources may have a compiler beside them. */
function isNoCompiler(pid: number): boolean {
  return !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('esbuild');
}

describe('bad input', { skip: notRoot(), timeout: 180_000 }, () => {
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start(THREE_HOSTS);
  });
  afterEach(async () => {
    await fleet.untilNothingHeld();
    // Each agent has one idle runner and no other process.
    for (const host of Object.keys(THREE_HOSTS)) {
      await fleet.until(`${host} has one process`, async () =>
        Promise.resolve(descendants(fleet.agent(host).pid).filter(isNoCompiler).length === 1),
      );
    }
    assert.deepEqual(await fleet.api.request('GET', '/v1/sessions'), { status: 200, body: [] });
  });
  after(async () => fleet.close());

  for (const { name, program, says } of MISTAKES) {
    it(`tells ${name} once, and attaches nothing`, async () => {
      const finished = await fleet.bpfleet('run', '-e', program);
      assertFailed(finished);
      assert.equal(finished.out, '');
      if (typeof says === 'string') assert.equal(finished.err, says);
      else assert.match(finished.err, says);
    });
  }

  it('checks a program on every host, and leaves nothing behind', async () => {
    const fine = await fleet.bpfleet('check', '-e', 'BEGIN { @ = 1; } END { @ = 2; }');
    assert.equal(fine.err, '');
    assert.equal(
      fine.out,
      'HOST   VERDICT  PROBES\ndb-1   loads         2\nweb-1  loads         2\nweb-2  loads         2\n',
    );
    assert.equal(fine.exitCode, 0);
    const bad = await fleet.bpfleet(
      'check',
      '--json',
      '-l',
      'role=web',
      '-e',
      'BEGIN { @ = comn; }',
    );
    assert.equal(bad.exitCode, 1);
    const lines = bad.out.trimEnd().split('\n');
    const verdicts = lines.map((line) => JSON.parse(line) as Record<string, string>);
    assert.deepEqual(
      verdicts.map(({ type, host, verdict }) => [type, host, verdict]),
      [
        ['check', 'web-1', 'refused'],
        ['check', 'web-2', 'refused'],
      ],
    );
    assert.match(
      verdicts[0]?.['message'] ?? '',
      /^stdin:1:13-17: ERROR: Unknown identifier: 'comn'\n/,
    );
  });

  it('checks what differs from host to host', async () => {
    await withBareHost(async () => {
      const { out, err, exitCode } = await fleet.bpfleet(
        ...[
          'check',
          '--host',
          'bare-1,web-1',
          '-e',
          'uprobe:sleep:main { @ = count(); } BEGIN { }',
        ],
      );
      assert.equal(exitCode, 1);
      assert.match(out, /^bare-1 +refused +-$/m);
      assert.match(
        err,
        /target file 'sleep' does not exist or is not executable\n[^]*^on bare-1$/m,
      );
    });
  });

  it('takes headers along that only this machine has', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'headers-'));
    writeFileSync(join(directory, 'seven.h'), '#define SEVEN 7\n');
    writeFileSync(join(directory, 'eight.h'), '#define EIGHT 8\n');
    const program = '#include <seven.h>\nBEGIN { printf("%d %d\\n", SEVEN, EIGHT); exit(); }';
    const { out, err } = await fleet.bpfleet(
      ...['run', '-I', directory, '--include', 'eight.h', '--host', 'web-1', '-e', program],
    );
    assert.match(out, /^web-1 +7 8$/m, err);
    const checked = await fleet.bpfleet('check', '-I', directory, '-e', program);
    assert.equal(checked.exitCode, 1);
    assert.match(checked.err, /EIGHT/);
    rmSync(directory, { recursive: true });
  });

  it('says what is too large to travel, and takes what just does', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'large-'));
    const path = join(directory, 'large.bt');
    const padded = (bytes: number): string =>
      `/* ${'x'.repeat(bytes)} */ BEGIN { printf("here\\n"); exit(); }`;
    writeFileSync(path, padded(1_000_000));
    for (const command of ['run', 'check']) {
      const { err, exitCode } = await fleet.bpfleet(command, path);
      assert.equal(exitCode, 1);
      assert.match(err, /^bpfleet \w+: the program with the files it needs takes 1\d{6} bytes; /);
    }
    writeFileSync(path, padded(900_000));
    const { out, err } = await fleet.bpfleet('run', '--host', 'web-1', path);
    assert.match(out, /^web-1 +here$/m, err);
    rmSync(directory, { recursive: true });
  });

  it('tells different errors of different hosts apart', async () => {
    await withBareHost(async () => {
      const finished = await fleet.bpfleet('run', '-e', 'uprobe:sh:main_of_sh { @ = count(); }');
      assertFailed(finished);
      assert.match(
        finished.err,
        /target file 'sh' does not exist or is not executable\n[^]*^on bare-1$/m,
      );
      assert.match(finished.err, /^on db-1, web-1, web-2$/m);
      assert.equal(finished.err.match(/^on /gm)?.length, 2);
    });
  });

  it('runs where it can and says where and why it cannot', async () => {
    await fleet.addAgent('tools-1', { environment: { PATH: dirname(buildSyscallLoad()) } });
    await withBareHost(async () => {
      const program = `uprobe:${LOAD_NAME}:main { } BEGIN { printf("here\\n"); exit(); }`;
      const { out, err } = await fleet.bpfleet('run', '--host', 'bare-1,tools-1', '-e', program);
      assert.match(out, /^tools-1 +here$/m);
      assert.match(out, /^hosts 1\/2 /m);
      assert.match(out, /^missing: bare-1: failed: .*target file 'getppid-load' does not exist/m);
      assert.match(err, /^partial: 1 of 2 hosts missing$/m);
    });
    await fleet.removeAgent('tools-1', 'SIGTERM');
  });

  it('says which hosts and labels there are when none matches', async () => {
    for (const [argv, wanted] of [
      [['-l', 'role=cache'], 'label role=cache'],
      [['--host', 'web-9'], 'host web-9'],
    ] as const) {
      const finished = await fleet.bpfleet('run', ...argv, '-e', 'BEGIN { exit(); }');
      assertFailed(finished);
      assert.match(finished.err, new RegExp(`^bpfleet run: no live host matches ${wanted}; `));
      for (const present of ['db-1 (role=db)', 'web-1 (role=web)', 'web-2 (role=web)']) {
        assert.ok(finished.err.includes(present), finished.err);
      }
    }
  });

  it('counts a host as missing that was asked for and is not there', async () => {
    const argv = ['--host', 'web-1,web-9', '-e', 'BEGIN { exit(); }'];
    const { out, err } = await fleet.bpfleet('run', ...argv);
    assert.match(out, /^hosts 1\/2 /m);
    assert.match(out, /^missing: web-9: lost: no live agent of this name$/m);
    assert.match(err, /^partial: 1 of 2 hosts missing$/m);
  });

  it('names sessions and files that there are not', async () => {
    for (const [argv, says] of [
      [
        ['attach', 'nosuch'],
        /^bpfleet attach: no session nosuch: "bpfleet history ls" lists all\n$/,
      ],
      [['stop', 'nosuch'], /^bpfleet stop: no session nosuch: "bpfleet history ls" lists all\n$/],
      [
        ['history', 'show', 'nosuch'],
        /^bpfleet history: no session nosuch: "bpfleet history ls" lists all\n$/,
      ],
      [
        ['run', '/nonexistent.bt'],
        /^bpfleet run: failed to open file '\/nonexistent.bt': No such file or directory\n$/,
      ],
      [['run', '--for', 'long', '-e', 'BEGIN { }'], /^bpfleet run: not a duration: long .*\n$/],
      [
        ['query', 'SELECT nosuch FROM events'],
        /^bpfleet query: .*nosuch.*\nSELECT .* lists all columns\n$/,
      ],
      [['query', 'DROP TABLE events'], /^bpfleet query: only queries can be sent .*not DROP\n$/],
    ] as const) {
      const finished = await fleet.bpfleet(...argv);
      assertFailed(finished);
      assert.match(finished.err, says);
    }
  });

  it('says who cannot be reached', async () => {
    const port = await freePort();
    const store = join(mkdtempSync(join(tmpdir(), 'bpfleet-nowhere-')), 'store');
    const nats = `nats://127.0.0.1:${port}`;
    const refused = new RegExp(
      `^bpfleet (agent|coordinator): connect to ${nats}: connection refused`,
    );
    for (const argv of [
      ['agent', '--nats', nats],
      ['coordinator', '--nats', nats, '--listen', '127.0.0.1:0', '--store', store],
    ]) {
      const finished = await new BpfleetProcess(argv).finished();
      assertFailed(finished);
      assert.match(finished.err, refused);
    }
    assert.deepEqual(readdirSync(join(store, '..')), []);
    rmSync(join(store, '..'), { recursive: true });
    const url = `http://127.0.0.1:${port}`;
    for (const argv of [['hosts'], ['run', '-e', 'BEGIN { exit(); }'], ['query', 'SELECT 1']]) {
      const finished = await fleet.bpfleet(...argv, '--url', url);
      assertFailed(finished);
      assert.match(finished.err, new RegExp(`coordinator ${url}: ECONNREFUSED: is it running\\?`));
    }
  });

  it('goes on when an agent sends garbage on every subject', async () => {
    const load = await startSyscallLoad(1000);
    const program = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/ { @ = count(); }`;
    const argv = ['--host', 'db-1,web-1,web-2', '-e', program, String(load.pid)];
    const { id, command } = await fleet.run(argv);
    await publishGarbage(fleet.nats.url, id);
    await load.run();
    const { out, err, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0, err);
    assert.match(out, /^hosts 3\/3 .*broker 0, coordinator 0, store 0$/m);
    assert.match(out, /^@: 3000$/m);
    const hosts = await fleet.json('hosts');
    assert.deepEqual(
      hosts.map((host) => host['host']),
      ['bare-1', 'db-1', 'tools-1', 'web-1', 'web-2'],
    );
    await fleet.killCoordinator();
    await fleet.startCoordinator();
    assert.match(await fleet.output('history', 'show', id), /^@: 3000$/m);
    await fleet.until('the agents are live', async () => (await fleet.json('hosts')).length === 3);
    const again = await fleet.bpfleet('run', '-e', 'BEGIN { printf("well\\n"); exit(); }');
    assert.match(again.out, /^hosts 3\/3 /m);
    for (const host of Object.keys(THREE_HOSTS)) {
      assert.doesNotMatch(fleet.agent(host).err, STACK);
    }
  });

  /** A host whose agent finds no programs by their names. */
  async function withBareHost(test: () => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'bpfleet-path-'));
    await fleet.addAgent('bare-1', { environment: { PATH: folder } });
    try {
      await test();
    } finally {
      await fleet.removeAgent('bare-1', 'SIGTERM');
      rmSync(folder, { recursive: true });
    }
  }
});

/** A line of a JavaScript stack trace. */
const STACK = /^\s+at .*\(?(?:file:|node:|\/).*:\d+:\d+\)?$/m;

function assertFailed({ exitCode, out, err }: Finished): void {
  assert.ok(exitCode !== null && exitCode !== 0, `exit code ${exitCode}\n${out}\n${err}`);
  assert.notEqual(err, '');
  assert.doesNotMatch(err, STACK);
}
