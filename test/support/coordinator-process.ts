/** A coordinator as a process of its own, so that a test can kill it at any moment. */
import { startCoordinator } from '@bpfleet/coordinator';
import pino from 'pino';

const [nats, store, port] = process.argv.slice(2);
if (nats === undefined || store === undefined || port === undefined) {
  throw new Error('usage: coordinator-process NATS STORE PORT');
}
const aheadMs = Number(process.env['CLOCK_AHEAD_MS'] ?? 0);
const now = Date.now.bind(Date);
Date.now = () => now() + aheadMs;
const coordinator = await startCoordinator({
  nats: { url: nats },
  store: store.startsWith('http:') ? { url: store } : { path: store },
  listen: { host: '127.0.0.1', port: Number(port) },
  log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }, pino.destination(2)),
});
process.stdout.write(`${coordinator.url}\n`);
process.once('SIGTERM', () => void coordinator.close().then(() => process.exit()));
