/** Attach points with their providers by their full names. */
import { findProbeKind } from './registry.ts';

/** `k:vfs_read` is `kprobe:vfs_read`; what stands behind the provider stays as it is written. */
export function canonicalPoint(text: string): string {
  const colon = text.indexOf(':');
  const provider = colon === -1 ? text : text.slice(0, colon);
  const found = findProbeKind(provider);
  if (found.kind === 'unknown') return text;
  return found.probeKind.name + (colon === -1 ? '' : text.slice(colon));
}
