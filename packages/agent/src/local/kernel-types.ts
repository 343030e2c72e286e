/** `BPFTRACE_BTF`: a file with the kernel's types, in place of what the running kernel says of its own. */
import { readFileSync } from 'node:fs';
import { BtfError } from '@bpfleet/bpf/btf';
import { openBtf } from '@bpfleet/lang';
import { messageOf } from '../message-of.ts';
import type { KernelTypes } from '../target/machine.ts';
import type { LocalIo } from './local-options.ts';

const HINT =
  'HINT: Write the file anew (e.g. `cp /sys/kernel/btf/vmlinux FILE`), or unset BPFTRACE_BTF to use the types of the running kernel.\n';

/** Undefined where the variable is not set; a file that is no use leaves the program without types of the kernel. */
export function kernelTypes({ environment, err }: LocalIo): KernelTypes | undefined {
  const path = environment['BPFTRACE_BTF'];
  if (path === undefined) return undefined;
  try {
    const image = readFileSync(path);
    openBtf(image);
    return { image };
  } catch (error) {
    err(`WARNING: BTF: failed to parse BTF from ${path}: ${messageOf(error)}\n${HINT}`);
    return { image: undefined };
  }
}

/** Types are decoded when a program names them, so damage may be met long after the file was opened. */
export function damagedTypesText(
  error: unknown,
  environment: LocalIo['environment'],
): string | undefined {
  const path = environment['BPFTRACE_BTF'];
  if (path === undefined || !(error instanceof BtfError)) return undefined;
  return `ERROR: BTF: failed to parse BTF from ${path}: ${messageOf(error)}\n${HINT}`;
}
