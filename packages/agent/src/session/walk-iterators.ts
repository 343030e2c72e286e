/** Runs iterators over all they iterate over, or pins them for others to read. */
import type { IteratorLink } from '@bpfleet/bpf';

const encoder = new TextEncoder();

/** `onIterated` takes what the programs have written, and of a pinned one where it is. Throws KernelError. */
export function walkIterators(
  iterators: readonly IteratorLink[],
  onIterated: (bytes: Uint8Array) => void,
): void {
  for (const link of iterators) {
    const { pinPath } = link;
    if (pinPath === undefined) {
      for (const bytes of link.read()) onIterated(bytes);
    } else {
      link.pin(pinPath);
      onIterated(encoder.encode(`Program pinned to ${pinPath}\n`));
    }
  }
}
