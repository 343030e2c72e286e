/** Says that something cannot be had here: because the kernel has it not, or because the user wants to do without. */
import type { Target, TargetFeatures } from '../target.ts';

/** @param what in the plural, or without number: `kprobes`, `fentry` */
export function lacking(what: string, feature: keyof TargetFeatures, target: Target): string {
  return `no ${what} ${isSwitchedOff(feature, target) ? '(switched off)' : 'in this kernel'}`;
}

export function isSwitchedOff(feature: keyof TargetFeatures, { features }: Target): boolean {
  return features.switchedOff?.includes(feature) === true;
}
