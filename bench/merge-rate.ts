/** What decoding and merging costs, without a network and without a store: CPU time of frames of many hosts. */
import { decodeFrame, FleetView, FrameError, type FrameHeader } from '@bpfleet/protocol';
import { MapLoad } from './simulate/map-load.ts';

const KEYS = 1_000;
const ROUNDS = 5;

for (const hosts of [10, 100, 1_000, 3_000]) {
  const load = new MapLoad(KEYS);
  const view = new FleetView(load.schema, { fleet: true });
  const header = (host: number, sequence: number): FrameHeader => ({
    session: 'bench',
    host: `host-${host}`,
    schemaHash: '',
    epoch: 1,
    sequence,
    bootToUnixNs: 0n,
  });
  const applyUs: number[] = [];
  const mergeMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const frames = Array.from({ length: hosts }, (_, host) =>
      load.frame(host, { first: round, last: round }, header(host, round)),
    );
    applyUs.push(
      cpuMs(() => {
        for (const bytes of frames) {
          const decoded = decodeFrame(bytes);
          if (decoded instanceof FrameError) throw decoded;
          view.apply(decoded.header, decoded.frame);
        }
      }) *
        (1_000 / hosts),
    );
    mergeMs.push(cpuMs(() => view.maps()));
  }
  const megabytes = process.memoryUsage().rss / 1e6;
  const warm = (values: readonly number[]): string => Math.min(...values.slice(1)).toFixed(0);
  console.log(
    `${hosts} hosts × ${KEYS} keys: ${warm(applyUs)} µs for a frame (the first ${applyUs[0]?.toFixed(0)}), ` +
      `${warm(mergeMs)} ms for the merged view, ${megabytes.toFixed(0)} MB`,
  );
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
