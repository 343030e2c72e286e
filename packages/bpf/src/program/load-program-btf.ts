/** The BTF of a program of ours on its way to the kernel: it gives verifier messages their source lines. */
import type { ProgramSpec } from '../asm/spec.ts';
import { FUNC_INFO_BYTES, LINE_INFO_BYTES, programBtf } from '../btf/program-btf.ts';
import { btfLoad } from '../sys/bpf.ts';
import type { ProgLoadAttr } from '../sys/bpf-attr.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { KernelError } from '../sys/kernel-error.ts';

export interface LoadedProgramBtf extends Disposable {
  readonly attr: NonNullable<ProgLoadAttr['btf']>;
}

/**
 * Undefined where the kernel takes no BTF: the program loads all the same. `offsets` are the slots that
 * `assemble` returned. The caller disposes once the program is loaded, which keeps the BTF alive.
 */
export function loadProgramBtf(
  spec: ProgramSpec,
  offsets: readonly number[],
  calls: KernelCalls,
): LoadedProgramBtf | undefined {
  const { btf, funcInfo, lineInfo } = programBtf(spec.name, spec.instructions, offsets);
  try {
    const fd = btfLoad(calls, btf);
    return {
      attr: {
        fd: fd.number,
        funcInfo,
        funcInfoRecordSize: FUNC_INFO_BYTES,
        lineInfo,
        lineInfoRecordSize: LINE_INFO_BYTES,
      },
      [Symbol.dispose]: () => {
        fd.close();
      },
    };
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}
