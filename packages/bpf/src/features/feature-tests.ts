/** The features bpfleet asks about: since when Linux has them, and how each is tried. */
import type { Btf } from '../btf/btf.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attachFeatures } from './attach-features.ts';
import type { FeatureName } from './feature-name.ts';
import type { FeatureTests } from './feature-test.ts';
import { mapFeatures } from './map-features.ts';
import { programFeatures } from './program-features.ts';

export function featureTests(
  calls: KernelCalls,
  vmlinux: () => Btf | undefined,
): FeatureTests<FeatureName> {
  return {
    ...mapFeatures(calls, vmlinux),
    ...attachFeatures(calls, vmlinux),
    ...programFeatures(calls, vmlinux),
  };
}
