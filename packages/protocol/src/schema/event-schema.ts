/**
 * Events: what a program sends through the ring buffer.
 *
 * A record starts with a 24-byte header, then fixed fields, then the bytes of dynamic strings:
 *
 *     0   u64 nsecs      boot clock of the host
 *     8   u32 tid
 *     12  u32 pid
 *     16  u32 event      index into `Schema.events`
 *     20  u32 cpu
 *     24  fields
 *
 * A dynamic field is 4 bytes at its offset: u16 offset of its bytes from the start of the record, u16 length
 * without NUL. Bit 15 of the length marks text that was cut at its limit.
 */
import type { ValueType } from './value-type.ts';

export const EVENT_HEADER_BYTES = 24;
/** Of a dynamic field: u32 offset, u32 length of what follows the fixed part. */
export const REFERENCE_BYTES = 8;
/** In that length: the text was cut at its limit. */
export const TEXT_CUT = 0x8000_0000;

export interface EventField {
  readonly offset: number;
  readonly type: ValueType;
  /** The value is a string or buffer stored after the fixed part. */
  readonly dynamic: boolean;
}

/** Position in the user's source for runtime messages, 1-based; the text is the source line for the caret. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
  /** The calls of macros and the imports by which the text got into the program, innermost first. */
  readonly expandedFrom?: readonly SourcePosition[];
}

/** What a printing event tells of where it comes from. Programs of earlier versions tell nothing. */
interface Printed {
  /** The attach points of the block that the call is in, as written, providers by their full names. */
  readonly probes?: readonly string[];
}

/** Columns for the arguments of an event, each name once and none of `RESERVED_NAMES`. */
interface Named extends Printed {
  readonly names?: readonly string[];
}

/** Columns that each event has. */
export const RESERVED_NAMES: readonly string[] = [
  ...['session', 'host', 'at', 'pid', 'tid', 'kind', 'text', 'event'],
];

export type EventSchema =
  | (Named & {
      readonly kind: 'printf';
      readonly format: string;
      readonly arguments: readonly EventField[];
    })
  | {
      readonly kind: 'system' | 'cat';
      readonly format: string;
      readonly arguments: readonly EventField[];
    }
  | {
      readonly kind: 'errorf' | 'warnf';
      readonly format: string;
      readonly arguments: readonly EventField[];
      readonly at: SourcePosition;
    }
  | (Named & { readonly kind: 'print-value'; readonly value: EventField })
  | {
      readonly kind: 'print-map';
      readonly map: string;
      readonly top: number | undefined;
      readonly divisor: number | undefined;
    }
  | { readonly kind: 'clear' | 'zero'; readonly map: string }
  | (Printed & { readonly kind: 'time'; readonly format: string })
  /** Up to 16 dynamic strings, in `arguments`; empty ones end the list. */
  | (Printed & {
      readonly kind: 'join';
      readonly separator: string;
      readonly arguments: readonly EventField[];
    })
  /** i32 exit code at offset 24. */
  | { readonly kind: 'exit' }
  /** i64 return code of the helper at offset 24. */
  | { readonly kind: 'helper-error'; readonly helper: string; readonly at: SourcePosition }
  | { readonly kind: 'runtime-error'; readonly message: string; readonly at: SourcePosition };
