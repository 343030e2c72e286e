/** Text of what is traced does not leave a host that says so, whatever the program does with it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { TestFleet } from '../support/test-fleet.ts';

const SECRET = 'sesame';

const PROGRAM = `
tracepoint:syscalls:sys_enter_openat /pid == $1/ {
  printf("open %s %s %s %r %d\\n", host, comm, str(args.filename), buf(args.filename, 12), 4711);
  @seen[host, comm, str(args.filename)] = count();
  @short[host] = str(args.filename, 8);
  $kept = str(args.filename);
  print((host, $kept, 4712));
  @bytes[host] = buf(args.filename, 12);
  printf("%s\\n", str_concat("x", str(args.filename)));
  printf("found %d\\n", strcontains(str(args.filename), "${SECRET}"));
  printf("comms %s %s\\n", comm, curtask->comm);
  cat("/proc/%d/cmdline", pid);
}
tracepoint:syscalls:sys_enter_execve /pid == $1/ { join(args.argv); }
`;

describe('redaction', { skip: notRoot(), timeout: 120_000 }, () => {
  let fleet: TestFleet;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-redaction-'));
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, '{ "redact": true }');
    writeFileSync(join(folder, SECRET), '');
    fleet = await TestFleet.start({ strict: { flags: ['--policy', policy] }, open: {} });
  });
  after(async () => {
    await fleet.close();
    await rm(folder, { recursive: true });
  });

  async function traced(
    hosts: string,
    count: number,
    ...flags: readonly string[]
  ): Promise<string> {
    const path = join(folder, SECRET);
    const child = spawn('/bin/sh', ['-c', `read go; : < ${path}; exec /bin/echo ${path}`], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const argv = ['--host', hosts, ...flags, '-e', PROGRAM, String(child.pid)];
    const { command } = await fleet.run(argv, count);
    child.stdin.end('go\n');
    await once(child, 'exit');
    const { out, err } = await command.kill('SIGINT');
    return out + err;
  }

  it('is what the policy of a host asks for; others tell what they see', async () => {
    const out = await traced('strict,open', 2);
    assert.match(out, new RegExp(`open open sh \\S+${SECRET} .* 4711`));
    assert.match(out, /open strict sh <redacted> <redacted> 4711/);
    assert.match(out, /@seen\[strict, sh, <redacted>\]: \d/);
    for (const line of out.split('\n').filter((one) => one.includes('strict'))) {
      assert.doesNotMatch(line, new RegExp(SECRET));
    }
  });

  it('leaves nothing of the text in anything a redacted run gives', async () => {
    const out = await traced('open', 1, '--redact');
    assert.doesNotMatch(out, new RegExp(SECRET));
    assert.doesNotMatch(out, /\/bin\/echo/);
    assert.match(out, /open open sh <redacted> <redacted> 4711/);
    assert.match(out, /\(open, <redacted>, 4712\)$/m);
    assert.match(out, /^@short\[open, open\]: <reda/m);
    assert.match(out, /^@bytes\[open, open\]: <redacted>$/m);
    assert.match(out, /found 0$/m);
    assert.match(out, /comms sh <redacted>$/m);
    assert.match(out, /^open +<redacted> <redacted>$/m);
  });

  it('keeps text from being stored', async () => {
    const [last] = await fleet.json('history', '--limit', '1');
    const id = String(last?.['id']);
    const shown = await fleet.output('history', 'show', id);
    assert.match(shown, /<redacted>/);
    assert.doesNotMatch(shown, new RegExp(`/${SECRET}`));
  });
});
