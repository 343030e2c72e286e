/** What this kernel can do, as the compiler wants it said. */
import type { FeatureName, Features } from '@bpfleet/bpf';
import type { TargetFeatures } from '@bpfleet/lang';

const NAMES = [
  'kprobe',
  'fentry',
  'kprobeMulti',
  'kprobeSession',
  'uprobeMulti',
  'rawTracepointBtf',
  'tailCalls',
  'forEachMapElem',
  'bpfLoop',
  'signedDivision',
  'lookupPercpuElem',
  'getFuncIp',
  'attachCookie',
  'rawTracepointCookie',
  'rawTracepointGuard',
] as const;

type TargetFeature = (typeof NAMES)[number];

/** What a run can be told to do without: each has something in its place. */
export type OptionalFeature = TargetFeature | 'batch';

/** Whether the compiler asks about it. */
export function isTargetFeature(name: FeatureName): name is TargetFeature {
  return (NAMES as readonly FeatureName[]).includes(name);
}

/** Each feature is probed when it is first looked at: most programs need few. */
export function targetFeatures(
  features: Features,
  disabled: readonly OptionalFeature[] = [],
): TargetFeatures {
  const target = {} as Record<TargetFeature, boolean>;
  for (const name of NAMES) {
    Object.defineProperty(target, name, {
      enumerable: true,
      get: () => !disabled.includes(name) && features.has(name),
    });
  }
  Object.defineProperty(target, 'fentryRefusal', {
    enumerable: true,
    get: () => /\bE[A-Z]+\b/.exec(features.whyNot('fentry') ?? '')?.[0],
  });
  return Object.assign(target, { switchedOff: disabled });
}
