/** The interval of time that a question about a map is limited to. */
import type { MapSchema, PartOfTime } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { oneInterval, within } from './intervals.ts';
import { knownRange, type Intervals } from './map-growth.ts';
import { nothingThere, type MapScope } from './map-scope.ts';

/** Undefined where it is not limited. @throws {HistoryFault} where nothing is known of that time */
export async function intervalOf(
  reader: StoreReader,
  session: string,
  map: MapSchema | undefined,
  part: PartOfTime,
): Promise<Intervals | undefined> {
  if (map === undefined || (part.fromNs === undefined && part.toNs === undefined)) return undefined;
  const scope: MapScope = { session, map };
  const known = await knownRange(reader, scope);
  const range = known === undefined ? undefined : within(known, part);
  if (range === undefined) throw await nothingThere(reader, scope, part);
  return oneInterval(range);
}
