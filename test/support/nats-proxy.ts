/**
 * Stands between one agent and nats-server, and does to the data frames that the agent publishes what networks never do:
 * repeats, holds back, reorders and damages them. Of NATS's protocol it knows what clients send.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { decodeFrame, type Frame } from '@bpfleet/protocol';

/** One data frame on its way. */
export interface PassingFrame {
  readonly subject: string;
  readonly payload: Buffer;
  readonly frame: Frame;
}

/**
 * `pass`; `repeat`: stored twice; `hold`: the agent is told that it is stored, and it goes on with `release`;
 * `damage`: a bit of it is another one.
 */
export type Treatment = 'pass' | 'repeat' | 'hold' | 'damage';

export class NatsProxy {
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #held: { readonly to: Socket; readonly bytes: Buffer }[] = [];
  /** Decides about each data frame. */
  treat: (passing: PassingFrame) => Treatment = () => 'pass';

  private constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.#target = { host: hostname, port: Number(port) };
    this.#server = createServer((client) => this.#relay(client));
  }

  static async start(target: string): Promise<NatsProxy> {
    const proxy = new NatsProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get held(): number {
    return this.#held.length;
  }

  /** Lets what is held go on, the newest first. */
  release(): void {
    for (const { to, bytes } of this.#held.splice(0).toReversed()) to.write(bytes);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #relay(client: Socket): void {
    const server = connect(this.#target);
    const inboxes = new Map<string, string>();
    let pending = Buffer.alloc(0);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    server.on('data', (bytes) => client.write(bytes));
    client.on('data', (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      for (;;) {
        const command = nextCommand(pending);
        if (command === undefined) return;
        pending = pending.subarray(command.bytes.length);
        this.#pass(command, { client, server, inboxes });
      }
    });
  }

  #pass(
    { words, bytes, body }: Command,
    {
      client,
      server,
      inboxes,
    }: Readonly<{
      client: Socket;
      server: Socket;
      inboxes: Map<string, string>;
    }>,
  ): void {
    const [verb, subject = '', last = ''] = words;
    if (verb === 'SUB') inboxes.set(subject.replace(/\*$/, ''), words.at(-1) ?? last);
    const passing = body === undefined ? undefined : dataFrame(subject, body);
    const treatment = passing === undefined ? 'pass' : this.treat(passing);
    const again = Buffer.concat([
      Buffer.from(`PUB ${subject} ${passing?.payload.length}\r\n`),
      passing?.payload ?? Buffer.alloc(0),
      Buffer.from('\r\n'),
    ]);
    switch (treatment) {
      case 'pass':
        server.write(bytes);
        return;
      case 'repeat':
        server.write(bytes);
        // Without its id JetStream takes it for another one.
        server.write(again);
        return;
      case 'hold': {
        this.#held.push({ to: server, bytes: again });
        const reply = words[2] ?? '';
        const [, sid] = [...inboxes].find(([prefix]) => reply.startsWith(prefix)) ?? [];
        const stored = '{"stream":"BPFLEET_SESSIONS","seq":1}';
        client.write(`MSG ${reply} ${sid} ${stored.length}\r\n${stored}\r\n`);
        return;
      }
      case 'damage': {
        const damaged = Buffer.from(bytes);
        const at = damaged.length - 2 - Math.ceil((passing?.payload.length ?? 0) / 2);
        damaged[at] = (damaged[at] ?? 0) ^ 0x10;
        server.write(damaged);
      }
    }
  }
}

interface Command {
  readonly words: readonly string[];
  /** All of it. */
  readonly bytes: Buffer;
  /** Without headers, of a publication. */
  readonly body: Buffer | undefined;
}

/** Undefined when it has not come whole. */
function nextCommand(pending: Buffer): Command | undefined {
  const end = pending.indexOf('\r\n');
  if (end === -1) return undefined;
  const words = pending.toString('latin1', 0, end).split(' ');
  const isPublication = words[0] === 'PUB' || words[0] === 'HPUB';
  if (!isPublication) return { words, bytes: pending.subarray(0, end + 2), body: undefined };
  const size = Number(words.at(-1));
  const headers = words[0] === 'HPUB' ? Number(words.at(-2)) : 0;
  const whole = end + 2 + size + 2;
  if (pending.length < whole) return undefined;
  const body = pending.subarray(end + 2 + headers, end + 2 + size);
  return { words, bytes: pending.subarray(0, whole), body };
}

function dataFrame(subject: string, payload: Buffer): PassingFrame | undefined {
  if (!/^bpfleet\.v1\.session\.[^.]+\.data\./.test(subject)) return undefined;
  const decoded = decodeFrame(payload);
  return 'frame' in decoded ? { subject, payload, frame: decoded.frame } : undefined;
}
