/** This machine as the compiler and the sessions need it; each part is read when first asked for. */
import { readFileSync } from 'node:fs';
import {
  Features,
  Kallsyms,
  kernelBtfIds,
  measureClockOffset,
  onlineCpus,
  openKernel,
  readHost,
  readBtfImage,
  Tracefs,
  type Host,
  type KernelBtfIds,
  type KernelCalls,
} from '@bpfleet/bpf';
import type { Btf } from '@bpfleet/bpf/btf';
import { openBtf } from '@bpfleet/lang';
import type { TargetFeatures } from '@bpfleet/lang';
import type { SessionMachine } from '../session/session-options.ts';
import { HostContainers } from '../containers/host-containers.ts';
import { PodTable } from '../pods/pod-table.ts';
import { Symbolizer } from '../symbols/symbolizer.ts';
import { targetFeatures, type OptionalFeature } from './features.ts';
import { KernelFunctions } from './kernel-functions.ts';

/** Types to be used instead of the running kernel's: none where there is no image. */
export interface KernelTypes {
  readonly image: Uint8Array | undefined;
}

export interface MachineOptions {
  /** Features to do without. */
  readonly disabledFeatures?: readonly OptionalFeature[];
  /** A file in the form of ftrace's `available_filter_functions`, read in its place. */
  readonly traceableFunctionsPath?: string;
  readonly types?: KernelTypes;
  /** Of this node, kept current by whoever watches them. */
  readonly pods?: PodTable;
}

export class Machine {
  readonly calls: KernelCalls;
  readonly host: Host;
  readonly #options: MachineOptions;
  #tracefs: Tracefs | undefined;
  #kallsyms: Kallsyms | undefined;
  readonly #btfImages = new Map<string, Uint8Array | undefined>();
  #kernelFeatures: Features | undefined;
  #features: TargetFeatures | undefined;
  #symbolizer: Symbolizer | undefined;
  #functions: KernelFunctions | undefined;
  #containers: HostContainers | undefined;

  /** Throws on architectures and systems that bpfleet does not run on. */
  constructor(options: MachineOptions = {}) {
    this.#options = options;
    this.calls = openKernel();
    this.host = readHost();
  }

  /** Mounts tracefs when it is not; throws, naming the command that would, when it may not. */
  get tracefs(): Tracefs {
    this.#tracefs ??= Tracefs.open(this.calls);
    return this.#tracefs;
  }

  get kallsyms(): Kallsyms {
    this.#kallsyms ??= Kallsyms.read();
    return this.#kallsyms;
  }

  /** The types that programs use; undefined on a kernel without BTF. */
  get btf(): Btf | undefined {
    const image = this.btfImage('vmlinux');
    return image === undefined ? undefined : openBtf(image);
  }

  /** The running kernel's own, by whose numbers it knows its types. */
  get kernelBtf(): Btf | undefined {
    const image = this.#kernelImage('vmlinux');
    return image === undefined ? undefined : openBtf(image);
  }

  /** The types of `vmlinux` or of a module; undefined where the kernel does not give them. */
  btfImage(module: string): Uint8Array | undefined {
    const { types } = this.#options;
    if (types === undefined) return this.#kernelImage(module);
    // Types of modules rest on the numbers of the kernel that they were made with.
    return module === 'vmlinux' ? types.image : undefined;
  }

  #kernelImage(module: string): Uint8Array | undefined {
    if (!this.#btfImages.has(module)) this.#btfImages.set(module, readBtfImage(module));
    return this.#btfImages.get(module);
  }

  /** Types of the kernel for `vmlinux`, else of a module on top of them. */
  moduleBtf(module: string): Btf | undefined {
    const { btf } = this;
    if (module === 'vmlinux' || btf === undefined) return btf;
    const image = this.btfImage(module);
    return image === undefined ? undefined : openBtf(image, btf);
  }

  get btfIds(): KernelBtfIds | undefined {
    const { kernelBtf } = this;
    return kernelBtf === undefined ? undefined : kernelBtfIds(kernelBtf, this.calls);
  }

  /** Measured anew each time: the machine's time may be set. */
  get clocks(): { readonly bootToUnixNs: bigint; readonly bootToTaiNs: bigint } {
    return {
      bootToUnixNs: measureClockOffset(this.calls, 'boottime').offsetNs,
      bootToTaiNs: measureClockOffset(this.calls, 'boottime', 'atomic').offsetNs,
    };
  }

  /** What every session needs of its machine. */
  get sessionMachine(): SessionMachine {
    return {
      calls: this.calls,
      possibleCpus: this.host.possibleCpus,
      onlineCpus: onlineCpus(),
      pageSize: this.host.pageSize,
      btfIds: () => this.btfIds,
      names: this.symbolizer,
      mapBatches: this.#options.disabledFeatures?.includes('batch') !== true,
    };
  }

  /** What the kernel was seen doing. */
  get kernelFeatures(): Features {
    this.#kernelFeatures ??= new Features(
      this.calls,
      this.host.kernelRelease,
      () => this.kernelBtf,
    );
    return this.#kernelFeatures;
  }

  /** What programs may use: less than the kernel can do where the user wants to do without. */
  get features(): TargetFeatures {
    this.#features ??= targetFeatures(this.kernelFeatures, this.#options.disabledFeatures);
    return this.#features;
  }

  get containers(): HostContainers {
    this.#containers ??= new HostContainers(this.#options.pods ?? new PodTable());
    return this.#containers;
  }

  get symbolizer(): Symbolizer {
    this.#symbolizer ??= new Symbolizer(() => this.kallsyms, this.containers);
    return this.#symbolizer;
  }

  /** The kernel functions that may be traced; from a file in the form of ftrace's list where one is given. */
  get functions(): KernelFunctions {
    const { traceableFunctionsPath: path } = this.#options;
    this.#functions ??=
      path === undefined
        ? KernelFunctions.read(this.tracefs, () => this.kallsyms)
        : KernelFunctions.fromFile(path);
    return this.#functions;
  }

  /** What `ld.so` would find for a bare library name; empty where there is no cache. */
  readLibraryCache(): Uint8Array {
    try {
      return readFileSync('/etc/ld.so.cache');
    } catch {
      return new Uint8Array(0);
    }
  }
}
