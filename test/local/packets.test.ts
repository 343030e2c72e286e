/** `skboutput`: packets that a program writes to files. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { attached, local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const [ETHERNET_BYTES, IP_BYTES, UDP_BYTES] = [14, 20, 8];
const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;

interface Packet {
  readonly unixMs: number;
  readonly bytes: Buffer;
}

function packetsOf(path: string): readonly Packet[] {
  const file = readFileSync(path);
  const packets: Packet[] = [];
  for (let at = FILE_HEADER_BYTES; at < file.length;) {
    const unixMs = file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000;
    const end = at + PACKET_HEADER_BYTES + file.readUInt32LE(at + 8);
    packets.push({ unixMs, bytes: file.subarray(at + PACKET_HEADER_BYTES, end) });
    at = end;
  }
  return packets;
}

/** Through the loopback device, to a port that nobody has to listen at. */
async function send(payloads: readonly Buffer[]): Promise<void> {
  const [to, from] = [createSocket('udp4'), createSocket('udp4')];
  to.bind(0, '127.0.0.1');
  await once(to, 'listening');
  const sent = promisify((bytes: Buffer, done: (error: Error | null) => void): void =>
    from.send(bytes, to.address().port, '127.0.0.1', done),
  );
  for (const payload of payloads) await sent(payload);
  to.close();
  from.close();
}

function payloads(count: number, length: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.alloc(length, index % 251);
    bytes.writeUInt32LE(index);
    return bytes;
  });
}

function capture(path: string, payloadBytes: number): string {
  const length = ETHERNET_BYTES + IP_BYTES + UDP_BYTES + payloadBytes;
  const call = `skboutput("${path}", args.skb, args.skb.len, ${ETHERNET_BYTES})`;
  return `rawtracepoint:net_dev_queue /args.skb.len == ${length}/ { @[${call}] = count(); }`;
}

suite('packets', { skip: notRoot(), concurrency: true }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'bpfleet-packets-'));
  process.on('exit', () => rmSync(directory, { recursive: true }));

  test('are written whole, from the offset on, with their times', async () => {
    const path = join(directory, 'whole.pcap');
    const sent = payloads(50, 777);
    const before = Date.now();
    const { out } = await traced(['-e', capture(path, 777)], () => send(sent));
    // Each CPU's packets are read together, and the sender may have moved.
    const packets = packetsOf(path).toSorted((a, b) => a.unixMs - b.unixMs);
    assert.match(out, /^@\[0\]: 50$/m);
    assert.deepEqual(
      packets.map(({ bytes }) => bytes.subarray(IP_BYTES + UDP_BYTES)),
      sent,
    );
    for (const { bytes, unixMs } of packets) {
      assert.equal(bytes[0], 0x45);
      assert.ok(unixMs >= before - 1 && unixMs <= Date.now());
    }
  });

  test('that find no room are counted', async () => {
    const path = join(directory, 'lost.pcap');
    const source = `config = { perf_rb_pages = 1 } ${capture(path, 601)}`;
    const tracer = await attached(['-e', source]);
    process.kill(tracer.pid, 'SIGSTOP');
    await send(payloads(300, 601));
    process.kill(tracer.pid, 'SIGCONT');
    const { out, err } = await tracer.kill('SIGINT');
    const lost = Number(/^WARNING: Total lost event count: (\d+)$/m.exec(err)?.[1]);
    const kept = packetsOf(path).length;
    assert.ok(kept > 0 && lost > 0);
    assert.equal(kept + lost, 300);
    assert.match(out, new RegExp(`^@\\[0\\]: ${kept}$`, 'm'));
  });

  test('cannot be written where there is no directory', async () => {
    const { err, exitCode } = await local(['-e', capture('/no/such/file', 1)]);
    assert.equal(exitCode, 1);
    assert.match(err, /ERROR: Failed to create pcap file '\/no\/such\/file'/);
  });
});
