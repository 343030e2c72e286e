import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pcapFileHeader, pcapPacket } from '../../src/session/pcap.ts';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

suite('packet files', () => {
  test('begin with version 2.4, the longest packet, and that packets begin with an IP header', () => {
    assert.equal(hex(pcapFileHeader()), 'd4c3b2a1020004000000000000000000ffff000065000000');
  });

  test('have the time in seconds and microseconds, and the length twice, before each packet', () => {
    const packet = pcapPacket(1_700_000_000_123_456_789n, new Uint8Array([0x45, 0, 1]));
    assert.equal(hex(packet), '00f1536540e201000300000003000000450001');
  });
});
