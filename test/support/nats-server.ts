/** A nats-server with JetStream of a test's own: a free port, a temporary directory, stopped by its process id. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  /** Of the present process. */
  readonly pid: number;
  /** What it keeps on disk. */
  readonly directory: string;
  /** Kills it; `start` brings it back with what it had stored. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its directory. */
  close(): Promise<void>;
}

export interface NatsOptions {
  /** Where it listens; 127.0.0.1 when absent. */
  readonly address?: string;
  /** Where JetStream keeps its files; a temporary directory when absent. It thinks that there is room enough. */
  readonly directory?: string;
  /** What JetStream may store, such as `100MB`; `8GB` when absent. */
  readonly room?: string;
  /** File of a configuration of its own. */
  readonly configuration?: string;
}

/** @throws if nats-server is not installed or does not start */
export async function startNatsServer({
  address = '127.0.0.1',
  directory: given,
  room = '8GB',
  configuration: own,
}: NatsOptions = {}): Promise<NatsServer> {
  const program = [
    '/usr/sbin/nats-server',
    '/usr/local/bin/nats-server',
    '/usr/bin/nats-server',
  ].find((path) => existsSync(path));
  if (program === undefined) throw new Error('nats-server is not installed');
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'bpfleet-nats-'));
  const configuration = own ?? join(directory, 'nats.conf');
  if (own === undefined) {
    await writeFile(configuration, `jetstream { max_file_store: ${room} }\n`);
  }
  const store = given ?? join(directory, 'store');
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    child = spawn(
      program,
      [
        '-c',
        configuration,
        '-a',
        address,
        '-p',
        String(port),
        ...(own === undefined ? ['-sd', store] : []),
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    await ready(child);
  };
  const stop = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
  };
  const close = async (): Promise<void> => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    get pid(): number {
      if (child?.pid === undefined) throw new Error('nats-server does not run');
      return child.pid;
    },
    directory: store,
    start,
    stop,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function ready(child: ChildProcess): Promise<void> {
  if (child.stderr === null) throw new Error('nats-server has no stderr');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (line.includes('Server is ready')) {
      child.stderr.resume();
      return;
    }
  }
  throw new Error(`nats-server ended: ${said.join('\n')}`);
}

/** Free a moment ago: another process may still take it, which the caller sees as a failed start. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}
