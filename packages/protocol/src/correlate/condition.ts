/** What a field of an event must be for it to count: `fd=3`, `comm!="my shell"`. */
import { fieldOf, fieldText, type CorrelatedEvent } from './correlated-event.ts';

export interface Condition {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Undefined for what is none. */
export function parseConditions(text: string): readonly Condition[] | undefined {
  const parts = text.split('&&').map((part) => {
    const found = /^\s*([A-Za-z_]\w*)\s*(==?|!=)\s*(?:"([^"]*)"|([^\s"]*))\s*$/.exec(part);
    if (found === null) return undefined;
    const [, field = '', operator, quoted, plain = ''] = found;
    return { field, equal: operator !== '!=', value: quoted ?? numberText(plain) };
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** Fields hold numbers, however they are written. */
function numberText(text: string): string {
  return /^0x[0-9a-f]{1,16}$/i.test(text) ? String(BigInt(text)) : text;
}

export function meets(event: CorrelatedEvent, conditions: readonly Condition[]): boolean {
  return conditions.every(({ field, equal, value }) => {
    const actual = fieldOf(event, field);
    return actual !== undefined && (fieldText(actual) === value) === equal;
  });
}
