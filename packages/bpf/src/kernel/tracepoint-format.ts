/**
 * The `format` file of a tracepoint: where each field of the event lies.
 *
 *     ID: 312
 *     format:
 *     	field:char prev_comm[16];	offset:8;	size:16;	signed:0;
 */

export interface TracepointField {
  readonly name: string;
  /** Without name and array length: `const char *`, `char`, `__data_loc char[]`. */
  readonly cType: string;
  /** Bytes from the start of the event. */
  readonly offset: number;
  /** Bytes of the whole field; 4 for a dynamic one. */
  readonly size: number;
  readonly signed: boolean;
  readonly arrayLength?: number;
  /**
   * The field is a 32-bit word with the length of the data in the upper half and in the lower half where it
   * starts: counted from the event (`data_loc`) or from the end of the word (`rel_loc`).
   */
  readonly dynamic?: 'data_loc' | 'rel_loc';
}

export interface TracepointFormat {
  /** What perf_event_open knows the tracepoint by. */
  readonly id: number;
  /** In the order of the file, the fields that all events share (`common_…`) first. */
  readonly fields: readonly TracepointField[];
}

const FIELD =
  /^\s*field:(?<declaration>[^;]+);\s*offset:(?<offset>\d+);\s*size:(?<size>\d+);(?:\s*signed:(?<signed>\d+);)?/;

/** Throws Error on text without an id; lines of another form are passed over. */
export function parseTracepointFormat(text: string): TracepointFormat {
  const id = /^ID: *(\d+)$/m.exec(text)?.[1];
  if (id === undefined) throw new Error('parse tracepoint format: no ID line');
  const fields: TracepointField[] = [];
  for (const line of text.split('\n')) {
    const groups = FIELD.exec(line)?.groups;
    if (groups === undefined) continue;
    const { declaration = '', offset, size, signed } = groups;
    const field = parseDeclaration(declaration, Number(size));
    if (field === undefined) continue;
    fields.push({ ...field, offset: Number(offset), size: Number(size), signed: signed === '1' });
  }
  return { id: Number(id), fields };
}

/** Those after the fields that all events share, from which an empty line parts them. */
export function fieldDeclarations(text: string): readonly string[] {
  const own = text.slice(text.indexOf('\n\n'));
  return [...own.matchAll(/^\tfield:([^;]*)/gm)].map(([, declaration = '']) => declaration);
}

/** `unsigned long args[6]`, `__data_loc char[] name`, `const char * filename`. */
function parseDeclaration(
  declaration: string,
  sizeBytes: number,
): Pick<TracepointField, 'name' | 'cType' | 'arrayLength' | 'dynamic'> | undefined {
  const match = /^(?<type>.*?[\s*\]])(?<name>\w+)\s*(?:\[(?<length>[^\]]*)\])?$/.exec(
    declaration.trim(),
  );
  const { type, name, length } = match?.groups ?? {};
  if (type === undefined || name === undefined) return undefined;
  const cType = type.trim().replaceAll(/\s+/g, ' ');
  const dynamic = /^__(data_loc|rel_loc)\b/.exec(cType)?.[1] as 'data_loc' | 'rel_loc' | undefined;
  if (dynamic !== undefined) return { name, cType, dynamic };
  if (length === undefined) return { name, cType };
  return { name, cType, arrayLength: arrayLength(length, cType, sizeBytes) };
}

/** Before Linux 5.18 the length may be the name of a constant, as in `char comm[TASK_COMM_LEN]`. */
function arrayLength(length: string, cType: string, sizeBytes: number): number {
  if (/^\d+$/.test(length)) return Number(length);
  return sizeBytes / (ELEMENT_SIZES[cType] ?? 1);
}

const ELEMENT_SIZES: Readonly<Record<string, number>> = {
  u16: 2,
  __u16: 2,
  short: 2,
  int: 4,
  u32: 4,
  __u32: 4,
  'unsigned int': 4,
  long: 8,
  'unsigned long': 8,
  u64: 8,
  __u64: 8,
};
