/** `join(argv)`: the strings of a null-terminated array of pointers. */
import { EVENT_HEADER_BYTES, REFERENCE_BYTES } from '@bpfleet/protocol';
import type { Call } from '../syntax/ast.ts';
import { appendText, type GrowingRecord } from './dynamic-text.ts';
import { printedIn } from './printed-in.ts';
import { WAKE_UP, writeHeader } from './event-record.ts';
import { outputRecord } from './lower-event.ts';
import { argument, memorySource, type TextSource } from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import { at, inScope } from './memory.ts';
import { redactedText } from './redaction.ts';
import { readInteger } from './remote.ts';

const MAX_STRINGS = 16;
const MAX_STRING_BYTES = 1024;

export function lowerJoin(l: Lowering, call: Call): void {
  const separator = call.arguments.length > 1 ? argument(call, 1) : undefined;
  const references = Array.from(
    { length: MAX_STRINGS },
    (_, index) => EVENT_HEADER_BYTES + REFERENCE_BYTES * index,
  );
  const event = l.session.addEvent({
    kind: 'join',
    separator: separator?.kind === 'string' ? separator.value : ' ',
    arguments: references.map((offset) => ({
      offset,
      type: { kind: 'string', size: MAX_STRING_BYTES },
      dynamic: true,
    })),
    ...printedIn(l),
  });
  inScope(l, () => {
    const array = memorySource(l, argument(call, 0));
    const pointers = l.b.toRegister(typeof array.from === 'object' ? 0n : array.from);
    const fixedEnd = EVENT_HEADER_BYTES + REFERENCE_BYTES * MAX_STRINGS;
    const base = l.scratch.take(fixedEnd + MAX_STRINGS * MAX_STRING_BYTES);
    for (const offset of references) l.b.store(8, at(base, offset), 0n);
    const tail = l.b.copy(BigInt(fixedEnd));
    const end = l.b.label('joined');
    references.forEach((offset, index) => {
      inScope(l, () => {
        const place = { space: array.space, base: pointers, offset: index * 8 };
        const from = readInteger(l, place, 8);
        l.b.branch('eq', from, 0n, end);
        const record: GrowingRecord = { base, tail };
        const withheld = redactedText(l);
        const source: TextSource =
          withheld === undefined
            ? { from, space: array.space }
            : { from: withheld, space: 'kernel' };
        const limit = BigInt(MAX_STRING_BYTES);
        appendText(l, record, at(base, offset), source, limit, MAX_STRING_BYTES);
        l.b.move(tail, record.tail);
      });
    });
    l.b.place(end);
    writeHeader(l, base, event);
    outputRecord(l, { base, tail }, WAKE_UP);
  });
}
