/** The probes that a program names, for finding sessions by them. */
import { canonicalPoint, parse, Source } from '@bpfleet/lang';

/** Attach points as written, with the provider's full name, each once; none where the program cannot be parsed. */
export function probesOf(text: string): readonly string[] {
  const { program } = parse(new Source('stdin', text));
  const points = (program?.items ?? []).flatMap((item) =>
    item.kind === 'probe' ? item.attachPoints.map((point) => canonicalPoint(point.text)) : [],
  );
  return [...new Set(points)];
}
