/** Streams of events of which the spans and pairs are known: several hosts and threads, nested, interleaved, partly lost. */
import fc from 'fast-check';
import type { CorrelatedEvent, Fields } from '../../src/index.ts';

export function event(
  given: Partial<CorrelatedEvent> & { readonly unixNs: bigint; readonly probe?: string },
): CorrelatedEvent {
  const { probe, ...rest } = given;
  return {
    session: 's1',
    host: 'a',
    pid: 1,
    tid: 1,
    errorNs: 0n,
    probes: probe === undefined ? [] : [probe],
    word: undefined,
    fields: {},
    text: '',
    ...rest,
  };
}

/** One thread's life: each step enters a function, or leaves the innermost, or a system call. */
interface Step {
  readonly host: number;
  readonly thread: number;
  readonly kind: 'enter' | 'exit';
  readonly name: 'f' | 'g';
  readonly lost: boolean;
}

const steps = fc.array(
  fc.record({
    host: fc.nat(2),
    thread: fc.nat(2),
    kind: fc.constantFrom('enter', 'exit'),
    name: fc.constantFrom('f', 'g'),
    lost: fc.boolean(),
  }),
  { maxLength: 80 },
) as fc.Arbitrary<readonly Step[]>;

/** Events in order of time, of hosts whose clocks are apart; `everything` without losses. */
export function functionCalls(losses: boolean): fc.Arbitrary<readonly CorrelatedEvent[]> {
  return steps.map((all) =>
    all
      .filter(({ lost }) => !(losses && lost))
      .map(({ host, thread, kind, name }, index) =>
        event({
          host: `host-${host}`,
          pid: host * 10,
          tid: host * 10 + thread,
          unixNs: BigInt(index * 1000 + host * 17),
          probe: `uprobe:/bin/x:${name}_${kind}`,
          fields: { index: BigInt(index) },
        }),
      )
      .sort((a, b) => Number(a.unixNs - b.unixNs)),
  );
}

/** Requests that go out at clients and come in at servers, with keys that repeat. */
export const messages: fc.Arbitrary<readonly CorrelatedEvent[]> = fc
  .array(
    fc.record({
      word: fc.constantFrom('client', 'server', 'other'),
      host: fc.nat(3),
      key: fc.nat(4),
      at: fc.nat(20_000),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all
      .map(({ word, host, key, at }) => {
        const fields: Fields = { key: BigInt(key), from: 'x' };
        const where = { host: `host-${host}`, errorNs: BigInt(host * 100) };
        return event({ ...where, word, unixNs: BigInt(at * 1000), fields });
      })
      .sort((a, b) => Number(a.unixNs - b.unixNs)),
  );
