/** `client.key = server.key within 5ms`, and `(client.saddr, client.sport) = (server.daddr, server.dport) within 1s` */
import { DefinitionError } from './definition-error.ts';
import type { JoinDefinition, JoinSide } from './join.ts';

const OPTION = '--join';
const USAGE = "a join is written 'client.key = server.key within 5ms'";
const UNITS_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
};
const MAX_WITHIN_NS = 60_000_000_000n;

/** @throws {DefinitionError} */
export function parseJoin(text: string): JoinDefinition {
  const fail = (at: number, message: string): never => {
    throw new DefinitionError(OPTION, text, at, message);
  };
  const within = /\s+within\s+(\d+)\s*([a-z]+)\s*$/.exec(text);
  if (within === null) return fail(text.length, `within and a time are missing: ${USAGE}`);
  const unit = UNITS_NS[within[2] ?? ''];
  const durationAt = within.index + within[0].search(/\d/);
  if (unit === undefined) return fail(durationAt, 'not a time: such as 500us, 5ms, 1s');
  const withinNs = BigInt(within[1] ?? 0) * unit;
  if (withinNs > MAX_WITHIN_NS) return fail(durationAt, 'within takes 60s at most');
  const condition = text.slice(0, within.index);
  const equals = condition.indexOf('=');
  if (equals === -1) return fail(condition.length, `= is missing: ${USAGE}`);
  const right = equals + (condition[equals + 1] === '=' ? 2 : 1);
  const sides = [
    parseSide(condition.slice(0, equals), 0, fail),
    parseSide(condition.slice(right), right, fail),
  ] as const;
  if (sides[0].key.length !== sides[1].key.length) {
    return fail(
      right,
      `${sides[0].key.length} fields on one side, ${sides[1].key.length} on the other`,
    );
  }
  return { text, left: sides[0], right: sides[1], withinNs };
}

function parseSide(
  text: string,
  start: number,
  fail: (at: number, message: string) => never,
): JoinSide {
  const listed = /^\s*\(([^()]*)\)\s*$/.exec(text);
  const inner = listed?.[1] ?? text;
  const offset = start + (listed === null ? 0 : text.indexOf('(') + 1);
  const key: string[] = [];
  let events: string | undefined;
  let at = offset;
  for (const part of inner.split(',')) {
    const field = /^\s*([A-Za-z_]\w*)\.([A-Za-z_]\w*)\s*$/.exec(part);
    const place = at + (part.length - part.trimStart().length);
    if (field?.[1] === undefined || field[2] === undefined) {
      return fail(place, `expected events.field: ${USAGE}`);
    }
    if (events !== undefined && events !== field[1]) {
      return fail(
        place,
        `all fields of one side are of the same events, not ${events} and ${field[1]}`,
      );
    }
    events = field[1];
    key.push(field[2]);
    at += part.length + 1;
  }
  return { events: events ?? '', key };
}
