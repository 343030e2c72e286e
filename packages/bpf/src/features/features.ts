/** What the running kernel can do: each question is asked of it once, when first needed. */
import type { Btf } from '../btf/btf.ts';
import { readKernelBtf } from '../kernel/kernel-btf.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import type { FeatureName } from './feature-name.ts';
import {
  type FeatureState,
  type FeatureTests,
  runFeatureTest,
  unsupported,
} from './feature-test.ts';
import { featureTests } from './feature-tests.ts';
import { loadProbe } from './load-probe.ts';

export class Features {
  readonly #kernelRelease: string;
  readonly #calls: KernelCalls;
  readonly #tests: FeatureTests<FeatureName>;
  readonly #states = new Map<FeatureName, FeatureState>();
  #mayLoad: boolean | undefined;

  /** `vmlinux` is what `readKernelBtf` returns, to share it with other users. */
  constructor(
    calls: KernelCalls,
    kernelRelease: string,
    vmlinux: () => Btf | undefined = readKernelBtf,
  ) {
    this.#calls = calls;
    this.#kernelRelease = kernelRelease;
    this.#tests = featureTests(calls, vmlinux);
  }

  state(name: FeatureName): FeatureState {
    const known = this.#states.get(name);
    if (known !== undefined) return known;
    const state = runFeatureTest(this.#tests[name], () => this.#mayLoadPrograms());
    this.#states.set(name, state);
    return state;
  }

  /** Since when Linux has it, and by which commit. */
  origin(name: FeatureName): { readonly minimumKernel: string; readonly commit: string } {
    const { minimumKernel, commit } = this.#tests[name];
    return { minimumKernel, commit };
  }

  /** All that can be asked about. */
  get names(): readonly FeatureName[] {
    return Object.keys(this.#tests) as FeatureName[];
  }

  /** True only if the kernel was seen doing it. */
  has(name: FeatureName): boolean {
    return this.state(name).kind === 'supported';
  }

  /** Throws UnsupportedFeatureError, or what kept the test from giving an answer. */
  require(name: FeatureName): void {
    const state = this.state(name);
    switch (state.kind) {
      case 'supported':
        return;
      case 'unsupported':
        throw unsupported(this.#tests[name], state.reason, this.#kernelRelease);
      case 'unknown':
        throw state.cause;
    }
  }

  /** Why a feature is missing, in words; undefined if it is there. */
  whyNot(name: FeatureName): string | undefined {
    try {
      this.require(name);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** What has been asked so far, in words: `kprobes: no: no kprobes in this kernel`. */
  asked(): readonly string[] {
    return [...this.#states].map(([name, state]) => {
      const { name: words } = this.#tests[name];
      switch (state.kind) {
        case 'supported':
          return `${words}: yes`;
        case 'unsupported':
          return `${words}: no: ${state.reason}`;
        case 'unknown':
          return `${words}: unknown: ${state.cause.message}`;
      }
    });
  }

  /** All questions and their answers. */
  all(): Record<FeatureName, FeatureState> {
    return Object.fromEntries(this.names.map((name) => [name, this.state(name)])) as Record<
      FeatureName,
      FeatureState
    >;
  }

  #mayLoadPrograms(): boolean {
    if (this.#mayLoad === undefined) {
      try {
        loadProbe(this.#calls, { type: 'raw_tracepoint' }).close();
        this.#mayLoad = true;
      } catch (error) {
        this.#mayLoad = !isKernelError(error, 'EPERM');
      }
    }
    return this.#mayLoad;
  }
}
