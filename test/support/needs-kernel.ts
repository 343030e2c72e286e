/** Says why a test of the kernel tier cannot run here. */
import { Features, openKernel, readHost, type FeatureName } from '@bpfleet/bpf';

/** For the `skip` option of a test: false as root, else the reason. */
export function notRoot(): string | false {
  return process.getuid?.() === 0 ? false : 'needs root to load BPF programs';
}

/** For the `skip` option of a test: false where this kernel has the feature, else the reason. */
export function kernelWithout(name: FeatureName): string | false {
  const missing = notRoot();
  if (missing !== false) return missing;
  return new Features(openKernel(), readHost().kernelRelease).whyNot(name) ?? false;
}
