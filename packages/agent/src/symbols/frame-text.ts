/** Frames of user stacks in bpftrace's words. */

export interface NamedFrame {
  readonly name: string;
  /** Absent for an inlined function, which has no code of its own to count from. */
  readonly offset?: number;
  readonly place: { readonly file: string; readonly line: number } | undefined;
}

/** @param module path of the file that the code is in */
export function frameTexts(
  frames: readonly NamedFrame[],
  mode: 'bpftrace' | 'perf',
  module: string | undefined,
): readonly string[] {
  return frames.map((frame) => (mode === 'perf' ? perfText(frame, module) : ownText(frame)));
}

function ownText({ name, offset, place }: NamedFrame): string {
  const function_ = offset === undefined ? `[inlined] ${name}` : `${name}+${offset}`;
  return place === undefined ? function_ : `${function_}@${place.file}:${place.line}`;
}

function perfText({ name, offset }: NamedFrame, module: string | undefined): string {
  return offset === undefined
    ? `${name} (inlined)`
    : `${name}+${offset} (${module ?? '[unknown]'})`;
}
