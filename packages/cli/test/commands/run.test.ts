/** `bpfleet run` against a coordinator that answers as told. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { decodeJson, type RunRequest, type StreamItem } from '@bpfleet/protocol';
import { fleetCommand } from '../../src/commands/fleet.ts';
import {
  countItem,
  event,
  fakeCoordinator,
  json,
  session,
  type Call,
  type FakeCoordinator,
} from '../support/fake-coordinator.ts';
import { testTerminal } from '../support/test-terminal.ts';

const PROGRAM = 'kprobe:f { @ = count(); }';
const THREE = { 'web-1': 'ended', 'web-2': 'ended', 'db-1': 'ended' };

function coordinator(
  items: readonly StreamItem[],
  onStream?: (response: ServerResponse) => void,
  onStop?: () => void,
): Promise<FakeCoordinator> {
  return fakeCoordinator(({ method, path }: Call, response) => {
    if (method === 'POST' && path === '/v1/sessions') json(response, 201, session('arming', {}));
    else if (path.startsWith('/v1/sessions/s1/stop?who=')) {
      json(response, 200, session('ended', THREE));
      onStop?.();
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': keep-alive\n\n' + items.map(event).join(''));
      onStream?.(response);
    }
  });
}

function result(hosts: Readonly<Record<string, string>>, exitCode?: number): StreamItem {
  const ended = session('ended', hosts);
  return {
    kind: 'result',
    maps: [countItem(42n)],
    session: exitCode === undefined ? ended : { ...ended, exitCode },
  };
}

test('run sends the program with its selector, parameters and limits', async () => {
  await using server = await coordinator([result(THREE)]);
  const terminal = testTerminal();
  const code = await fleetCommand(
    [
      ...['run', '--url', server.url, '--token', 't0', '-e', PROGRAM, '-l', 'role=db', '-l', 'a=b'],
      ...['--host', 'x,y', '--by-host', '--for', '1m30s', '--unsafe', 'p1', 'p2'],
    ],
    terminal,
  );
  assert.equal(code, 0, terminal.printed.err);
  const call = server.calls[0];
  assert.equal(call?.authorization, 'Bearer t0');
  const { id, ...request } = decodeJson(call?.body ?? '') as RunRequest;
  assert.match(id ?? '', /^s[a-z0-9]{9,}$/);
  assert.deepEqual(request, {
    program: PROGRAM,
    sourceName: 'stdin',
    parameters: ['p1', 'p2'],
    selector: { hosts: ['x', 'y'], labels: { role: 'db', a: 'b' } },
    unsafe: true,
    merge: 'host',
    who: 'tester',
    durationMs: 90_000,
  } satisfies RunRequest);
});

test('run asks for a share of the hosts, and for keys of one host to be merged', async () => {
  await using server = await coordinator([result({ ...THREE, 'web-2': 'lost' })]);
  const argv = ['run', '--url', server.url, '-e', PROGRAM, '--merge', '--at-least', '99.5%'];
  // One of the three is missing in the result.
  assert.equal(await fleetCommand(argv, testTerminal()), 1);
  const { merge, atLeast } = decodeJson(server.calls[0]?.body ?? '') as RunRequest;
  assert.equal(merge, 'all');
  assert.deepEqual(atLeast, { kind: 'percent', percent: 99.5 });
});

test('run refuses amounts of hosts that make no sense', async () => {
  for (const flags of [
    ['--at-least', '0'],
    ['--at-least', '101%'],
    ['--at-least', 'most'],
    ['--wait', 'all'],
    ['--merge', '--by-host'],
  ]) {
    const terminal = testTerminal();
    assert.notEqual(await fleetCommand(['run', '-e', PROGRAM, ...flags], terminal), 0);
    assert.match(terminal.printed.err, new RegExp(flags[0] ?? ''));
  }
});

test('run sends the files that the program imports', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'imports-'));
  const path = join(directory, 'main.bt');
  writeFileSync(path, 'import "lib.bt"; BEGIN { }');
  writeFileSync(join(directory, 'lib.bt'), 'END { }');
  await using server = await coordinator([result(THREE)]);
  await fleetCommand(['run', '--url', server.url, path], testTerminal());
  const body = decodeJson(server.calls[0]?.body ?? '') as RunRequest;
  assert.deepEqual(body.files, {
    [join(directory, 'lib.bt')]: { kind: 'text', text: 'END { }', worldWritable: false },
  });
  rmSync(directory, { recursive: true });
});

test('run prints events with their host, then coverage, then the maps', async () => {
  await using server = await coordinator([
    { kind: 'session', session: session('running', { 'web-1': 'attached', b: 'attached' }) },
    { kind: 'output', item: { kind: 'printf', host: 'b', unixNs: 1n, text: 'hi\n' } },
    { kind: 'live', maps: [countItem(1n)], session: session('running', THREE) },
    result(THREE),
  ]);
  const terminal = testTerminal();
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], terminal);
  assert.equal(code, 0, terminal.printed.err);
  assert.match(terminal.printed.out, /^b {6}hi\nhosts 3\/3 .*ring buffer 0.*\n(.*\n)+\n\n@: 42\n$/);
  assert.equal(terminal.printed.err, 'session s1: 2 hosts\nhosts 2/2\n');
});

test('a partial answer names the missing host on standard error as well', async () => {
  await using server = await coordinator([
    result({ 'web-1': 'ended', 'web-2': 'lost: agent went away' }),
  ]);
  const terminal = testTerminal();
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], terminal);
  assert.equal(code, 0);
  assert.match(terminal.printed.out, /^hosts 1\/2 /);
  assert.match(terminal.printed.err, /web-2: lost: agent went away/);
});

test('an answer of no host at all is an error', async () => {
  await using server = await coordinator([result({ 'web-1': 'failed: no BTF' })]);
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], testTerminal());
  assert.equal(code, 1);
});

test("the program's exit code becomes the command's", async () => {
  await using server = await coordinator([result(THREE, 7)]);
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], testTerminal());
  assert.equal(code, 7);
});

test('a partial answer says so in every line of its JSON', async () => {
  await using server = await coordinator([result({ ...THREE, 'web-2': 'lost: agent went away' })]);
  const terminal = testTerminal();
  await fleetCommand(['run', '--url', server.url, '-e', PROGRAM, '--json'], terminal);
  const lines = terminal.printed.out.trimEnd().split('\n');
  const [map, last] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(map?.['reporting'], [2, 3]);
  assert.deepEqual([last?.['type'], last?.['partial']], ['result', true]);
  assert.deepEqual(last?.['reporting'], [2, 3]);
});

test('an interrupt stops the session and still prints its result', async () => {
  const terminal = testTerminal();
  let stream: ServerResponse | undefined;
  await using server = await coordinator(
    [],
    (response) => {
      stream = response;
      terminal.interrupt();
    },
    () => stream?.write(event(result(THREE))),
  );
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], terminal);
  assert.equal(code, 0);
  assert.ok(server.calls.some(({ path }) => path.startsWith('/v1/sessions/s1/stop?who=')));
  assert.match(terminal.printed.out, /@: 42\n$/);
});

test('a second interrupt gives up', async () => {
  const terminal = testTerminal();
  await using server = await coordinator([], () => {
    terminal.interrupt();
    terminal.interrupt();
  });
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], terminal);
  assert.equal(code, 130);
});

test('a rejected program comes back once, with the hosts it concerns', async () => {
  await using server = await fakeCoordinator((_, response) => {
    json(response, 422, {
      code: 'program-rejected',
      message: 'the program was rejected',
      faults: [{ message: 'stdin:1:1-5: ERROR: no such field', hosts: ['web-1', 'web-2'] }],
    });
  });
  const terminal = testTerminal();
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], terminal);
  assert.equal(code, 1);
  assert.equal(terminal.printed.err, 'stdin:1:1-5: ERROR: no such field\non web-1, web-2\n');
});

test('an unreachable coordinator is named, with the way out', async () => {
  const terminal = testTerminal();
  const code = await fleetCommand(['run', '--url', 'http://127.0.0.1:1', '-e', PROGRAM], terminal);
  assert.equal(code, 1);
  assert.match(terminal.printed.err, /^bpfleet run: coordinator http:\/\/127\.0\.0\.1:1: .*--url/);
});

test('a stream that breaks off is an error', async () => {
  await using server = await coordinator([], (response) => response.end());
  const terminal = testTerminal();
  const code = await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], terminal);
  assert.equal(code, 1);
  assert.match(terminal.printed.err, /ended the stream before the result/);
});

test('a stream that breaks off in the middle is taken up again', async () => {
  const streams = [event({ kind: 'session', session: session('running', THREE) })];
  await using server = await fakeCoordinator(({ method }: Call, response) => {
    if (method === 'POST') return json(response, 201, session('arming', {}));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(streams.shift() ?? event(result(THREE)));
  });
  const terminal = testTerminal();
  assert.equal(await fleetCommand(['run', '--url', server.url, '-e', PROGRAM], terminal), 0);
  assert.match(terminal.printed.err, /the coordinator is away \(it ended the stream\); waiting/);
  assert.match(terminal.printed.err, /is back; bpfleet history show s1 has what was printed/);
  assert.match(terminal.printed.out, /^@: 42$/m);
});

test('a session goes on at the next coordinator, and no line is printed twice', async () => {
  const line = (n: number): StreamItem => ({
    kind: 'output',
    item: { kind: 'printf', host: 'web-1', unixNs: BigInt(n), text: `line ${n}\n` },
  });
  await using first = await fakeCoordinator(({ method, path }: Call, response) => {
    if (path === '/readyz') return json(response, 200, {});
    if (method === 'POST') return json(response, 201, session('arming', {}));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end([1, 2, 2].map((n) => event(line(n))).join(''), () => first.close());
  });
  await using second = await fakeCoordinator(({ path }: Call, response) => {
    if (path === '/readyz') return json(response, 200, {});
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const items: readonly StreamItem[] = [
      { kind: 'resumed', complete: true },
      ...[1, 2, 2, 2, 3].map(line),
      result(THREE),
    ];
    response.end(items.map(event).join(''));
  });
  const terminal = testTerminal();
  const urls = `${first.url},${second.url}`;
  assert.equal(await fleetCommand(['run', '--url', urls, '-e', PROGRAM], terminal), 0);
  assert.match(terminal.printed.err, /the coordinator is away .*; waiting for it/);
  assert.match(
    terminal.printed.err,
    /the coordinator at http:\S+ goes on; nothing of its output is missing/,
  );
  assert.deepEqual(terminal.printed.out.match(/line \d/g), [
    'line 1',
    'line 2',
    'line 2',
    'line 2',
    'line 3',
  ]);
  assert.match(second.calls.at(-1)?.path ?? '', /\?since=0$/);
});

test('--detach prints the id and leaves', async () => {
  await using server = await coordinator([]);
  const terminal = testTerminal();
  const code = await fleetCommand(['run', '--url', server.url, '-d', '-e', PROGRAM], terminal);
  assert.equal(code, 0);
  assert.equal(terminal.printed.out, 's1\n');
});

test('--json writes one object a line and ends with the result', async () => {
  await using server = await coordinator([result(THREE)]);
  const terminal = testTerminal();
  await fleetCommand(['run', '--url', server.url, '--json', '-e', PROGRAM], terminal);
  const lines = terminal.printed.out.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { type: string }).type),
    ['map', 'result'],
  );
});
