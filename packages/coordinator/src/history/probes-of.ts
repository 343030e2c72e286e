/** The probes that a program names, for finding sessions by them. */
import { findProbeKind, parse, Source } from '@bpfleet/lang';

/** Attach points as written, with the provider's full name, each once; none where the program cannot be parsed. */
export function probesOf(text: string): readonly string[] {
  const { program } = parse(new Source('stdin', text));
  const points = (program?.items ?? []).flatMap((item) =>
    item.kind === 'probe' ? item.attachPoints.map((point) => canonicalPoint(point.text)) : [],
  );
  return [...new Set(points)];
}

/** `k:vfs_read` is `kprobe:vfs_read`. */
export function canonicalPoint(text: string): string {
  const colon = text.indexOf(':');
  const provider = colon === -1 ? text : text.slice(0, colon);
  const found = findProbeKind(provider);
  if (found.kind === 'unknown') return text;
  return found.probeKind.name + (colon === -1 ? '' : text.slice(colon));
}
