/** Names that exist and resemble one that does not. */
import { suggest } from '@bpfleet/lang';

/** At most one for now: the nearest, if it is near at all. */
export function nearNames(name: string, candidates: Iterable<string>): readonly string[] {
  const nearest = suggest(name, [...candidates]);
  return nearest === undefined ? [] : [nearest];
}
