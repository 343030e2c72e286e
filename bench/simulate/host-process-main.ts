/** A process of simulated hosts. */
import type { FromHosts, StoredRound, ToHosts } from './host-messages.ts';
import { makeLoad } from './loads.ts';
import { SimulatedHost } from './simulated-host.ts';

/** So many connect at a time. */
const CONNECT_TOGETHER = 50;
const TELL_EVERY_MS = 50;

let hosts: SimulatedHost[] = [];
let stored: StoredRound[] = [];

function tell(message: FromHosts): void {
  process.send?.(message);
}

async function start(message: ToHosts & { readonly kind: 'start' }): Promise<void> {
  const { nats, first, count } = message;
  const load = makeLoad(message.load);
  const onStored = (round: StoredRound): number => stored.push(round);
  for (let done = 0; done < count; done += CONNECT_TOGETHER) {
    const some = Math.min(CONNECT_TOGETHER, count - done);
    const started = Array.from({ length: some }, (_, index) =>
      SimulatedHost.start({ nats, number: first + done + index, load, onStored }),
    );
    hosts.push(...(await Promise.all(started)));
  }
  tell({ kind: 'connected' });
}

const telling = setInterval(() => {
  if (stored.length === 0) return;
  tell({ kind: 'stored', rounds: stored });
  stored = [];
}, TELL_EVERY_MS);

process.on('message', (message: ToHosts) => {
  if (message.kind === 'start') {
    void start(message);
    return;
  }
  clearInterval(telling);
  const closing = hosts.map(async (host) => host.close());
  hosts = [];
  void Promise.all(closing).then(() => process.disconnect());
});
