/** Runs iterators over all they iterate over, or pins them for others to read. */
import type { IteratorLink } from '@bpfleet/bpf';
import type { SessionSpec } from '@bpfleet/lang';

const BPF_FILE_SYSTEM = '/sys/fs/bpf';

/** `onIterated` takes what the programs have written, and of a pinned one where it is. Throws KernelError. */
export function walkIterators(
  iterators: readonly IteratorLink[],
  { programs }: SessionSpec,
  onIterated: (bytes: Uint8Array) => void,
): void {
  for (const link of iterators) {
    const spec = programs.find(({ probe }) => probe === link.probe);
    const pin = spec?.attach.kind === 'iter' ? spec.attach.pin : undefined;
    if (pin === undefined) {
      for (const bytes of link.read()) onIterated(bytes);
    } else {
      const path = pin.startsWith('/') ? pin : `${BPF_FILE_SYSTEM}/${pin}`;
      link.pin(path);
      onIterated(new TextEncoder().encode(`Program pinned to ${path}\n`));
    }
  }
}
