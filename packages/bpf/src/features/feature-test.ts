/**
 * Asks the running kernel whether it can do something, by doing it: versions lie, as distributions backport and
 * configurations leave out.
 */
import { kernelVersion } from '../kernel/host.ts';
import { isKernelError } from '../sys/kernel-error.ts';

export type FeatureState =
  | { readonly kind: 'supported' }
  | {
      readonly kind: 'unsupported';
      readonly reason: string;
      /** The errno with which the kernel refused, such as `EPERM`. */
      readonly refusal?: string;
    }
  /** The attempt failed for a reason that says nothing about the kernel, such as missing rights. */
  | { readonly kind: 'unknown'; readonly cause: Error };

export interface FeatureTest {
  /** In the plural, as it reads in a message: `ring buffers`. */
  readonly name: string;
  /** The first release that has it: `5.8`. */
  readonly minimumKernel: string;
  /** The upstream commit that brought it. */
  readonly commit: string;
  /**
   * Tries it. Returns a reason why not, or nothing; a KernelError of which the code is in `refusals` means that
   * the kernel does not know it.
   */
  readonly attempt: () => string | undefined;
  readonly refusals: readonly string[];
}

/** How each of these is tried. */
export type FeatureTests<Name extends string> = Readonly<Record<Name, FeatureTest>>;

/** `ring buffers not supported (requires kernel >= 5.8)` */
export class UnsupportedFeatureError extends Error {
  override readonly name = 'UnsupportedFeatureError';
  readonly feature: string;
  readonly minimumKernel: string;

  constructor(feature: string, minimumKernel: string, reason: string) {
    super(`${feature} not supported${reason}`);
    this.feature = feature;
    this.minimumKernel = minimumKernel;
  }
}

/** Runs one test. `mayLoad` says whether this process may load programs at all. */
export function runFeatureTest(test: FeatureTest, mayLoad: () => boolean): FeatureState {
  try {
    const reason = test.attempt();
    return reason === undefined ? { kind: 'supported' } : { kind: 'unsupported', reason };
  } catch (error) {
    if (isKernelError(error, ...test.refusals) || (isKernelError(error, 'EPERM') && mayLoad())) {
      const refusal = error.code;
      return { kind: 'unsupported', reason: `refused with ${refusal}`, refusal };
    }
    const cause =
      error instanceof Error ? error : new Error('feature test failed', { cause: error });
    return { kind: 'unknown', cause };
  }
}

/** Words why a test came out unsupported, for this kernel. */
export function unsupported(
  test: FeatureTest,
  reason: string,
  kernelRelease: string,
): UnsupportedFeatureError {
  const { name, minimumKernel } = test;
  const isTooOld = compareVersions(kernelVersion(kernelRelease), kernelVersion(minimumKernel)) < 0;
  if (isTooOld) {
    return new UnsupportedFeatureError(
      name,
      minimumKernel,
      ` (requires kernel >= ${minimumKernel})`,
    );
  }
  return new UnsupportedFeatureError(name, minimumKernel, `: ${reason}`);
}

function compareVersions(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}
