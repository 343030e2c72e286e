/**
 * Lets a program run up to its entry point, and no further: then its libraries are mapped, and none of its own code has
 * run. It stops itself: a probe at its entry point sends it SIGSTOP.
 */
import { attachUprobe, Program, type KernelCalls } from '@bpfleet/bpf';
import { call, exit, mov, R0, R1 } from '@bpfleet/bpf/asm';
import { Elf } from '@bpfleet/bpf/elf';
import { openFileBytes } from '../debug/file-bytes.ts';
import type { TracedCommand } from '../local/traced-command.ts';

const SIGSTOP = 19n;

/** Also resolves when the command ends before it gets there. Throws ElfError, LoadError and AttachError. */
export async function stopAtEntry(command: TracedCommand, calls: KernelCalls): Promise<void> {
  const { path, pid } = command;
  const elf = new Elf(openFileBytes(path));
  const fileOffset = elf.addressToOffset(elf.entryAddress);
  if (fileOffset === undefined) return;
  using program = Program.load(
    {
      name: 'stop_at_entry',
      type: 'kprobe',
      instructions: [mov.imm(R1, Number(SIGSTOP)), call('send_signal'), mov.imm(R0, 0), exit()],
      license: 'GPL',
    },
    { calls, mapFd: () => -1 },
  );
  using _link = attachUprobe(calls, program, {
    probe: `uprobe:${path}`,
    path,
    fileOffset: BigInt(fileOffset),
    isReturn: false,
    pid,
  });
  command.resume();
  await command.stopped();
}
