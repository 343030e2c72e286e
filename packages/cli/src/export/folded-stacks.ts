/** Maps that count stacks, in the folded form that tools for flame graphs read: frames from the outermost on, and a number. */
import {
  escapeControls,
  valueText,
  type MapItem,
  type MapSchema,
  type MapValue,
  type Value,
  type ValueType,
} from '@bpfleet/protocol';

export interface FoldedStack {
  /** The outermost first. */
  readonly frames: readonly string[];
  readonly count: bigint;
}

/** Whether keys of the map have a stack in them, and its values add up. */
export function countsStacks({ key, value }: MapSchema): boolean {
  const counts = ['count', 'sum', 'hist', 'lhist'].includes(value.kind);
  return counts && key !== undefined && partsOf(key).some(isStack);
}

/** Other parts of a key, and hosts that are apart, are frames below the stack. Largest first. */
export function foldedStacks({ map, entries }: MapItem): readonly FoldedStack[] {
  const folded = new Map<string, { frames: readonly string[]; count: bigint }>();
  for (const { key, host, value } of entries) {
    if (map.key === undefined || key === undefined) continue;
    const frames = [...(host === undefined ? [] : [frameText(host)]), ...framesOf(map.key, key)];
    const id = frames.join(';');
    const count = countOf(value) + (folded.get(id)?.count ?? 0n);
    if (count > 0n) folded.set(id, { frames, count });
  }
  return [...folded.values()].toSorted((a, b) =>
    a.count === b.count ? 0 : a.count > b.count ? -1 : 1,
  );
}

export function foldedText(stacks: readonly FoldedStack[]): string {
  return stacks.map(({ frames, count }) => `${frames.join(';')} ${count}\n`).join('');
}

function framesOf(type: ValueType, key: Value): readonly string[] {
  const types = partsOf(type);
  const values: readonly Value[] = type.kind === 'tuple' && Array.isArray(key) ? key : [key];
  const parts = types.map((part, index) => [part, values[index] ?? ''] as const);
  const others = parts.filter(([part]) => !isStack(part));
  // What runs in user space calls into the kernel.
  const stacks = [
    ...parts.filter(([part]) => part.kind === 'ustack'),
    ...parts.filter(([part]) => part.kind === 'kstack'),
  ];
  return [
    ...others.map(([part, value]) => frameText(valueText(part, value))),
    ...stacks.flatMap(([, frames]) =>
      Array.isArray(frames)
        ? frames.map((frame: Value) => frameText(String(frame))).toReversed()
        : [],
    ),
  ];
}

function partsOf(type: ValueType): readonly ValueType[] {
  return type.kind === 'tuple' ? type.fields.map((field) => field.type) : [type];
}

function isStack({ kind }: ValueType): boolean {
  return kind === 'kstack' || kind === 'ustack';
}

/** A function's name without the place in it; what divides frames and lines is taken out of names. */
function frameText(text: string): string {
  const name = text.trim().replace(/\+(0x)?[0-9a-f]+(?= \(|$)/, '');
  return escapeControls(name.replace(/\s/g, ' ')).replaceAll(';', ':');
}

function countOf(value: MapValue): bigint {
  switch (value.kind) {
    case 'count':
      return value.count;
    case 'sum':
      return value.total;
    case 'hist':
    case 'lhist':
      return value.buckets.reduce((sum, [, hits]) => sum + hits, 0n);
    case 'plain':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
    case 'tseries':
      return 0n;
  }
}
