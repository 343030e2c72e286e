/** The one text of a schema, which its hash is taken of. */
import { encodeJson } from '../value/json.ts';
import type { Schema } from './schema.ts';

/** Members in the order of their names, so that equal schemas give equal texts. */
export function schemaJson(schema: Schema): string {
  return encodeJson(sorted(schema));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}
