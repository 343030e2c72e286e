/** Attaches one loaded program as its attach spec says. */
import {
  attachFentry,
  attachKprobe,
  attachKprobeMulti,
  attachPerfEvent,
  attachRawTracepoint,
  attachTracepoint,
  attachUprobe,
  attachUprobeMulti,
  attachWatchpoint,
  FdLink,
  IteratorLink,
  type BpfMap,
  type KernelCalls,
  type Link,
  type Program,
} from '@bpfleet/bpf';
import type { AttachSpec, ProbeProgram } from '@bpfleet/lang';
import { CpuLinks } from './cpu-links.ts';

export interface AttachContext {
  readonly calls: KernelCalls;
  readonly onlineCpus: readonly number[];
  readonly map: (name: string) => BpfMap;
}

/** A program, or one of the places it is attached at. */
export type AttachablePlace = ProbeProgram & { readonly cookie?: bigint };

/** Throws AttachError. Programs that are run by hand have nothing to attach to. */
export function attachProbe(program: Program, spec: AttachablePlace, context: AttachContext): Link {
  const { calls } = context;
  const { probe, attach } = spec;
  const cookie = spec.cookie === undefined ? {} : { cookie: spec.cookie };
  const cookies = (places: readonly unknown[]): { readonly cookies?: readonly bigint[] } =>
    spec.cookies === true ? { cookies: places.map((_, index) => BigInt(index)) } : {};
  switch (attach.kind) {
    case 'tracepoint':
      return attachTracepoint(calls, program, { probe, id: attach.id, ...cookie });
    case 'system-calls':
      return enterCalls(program, attach, context);
    case 'rawtracepoint':
      return attachRawTracepoint(calls, program, { probe, event: attach.event, ...cookie });
    case 'kprobe':
      return attachKprobe(calls, program, {
        probe,
        location: attach.address ?? joinedName(attach.module, attach.function),
        offsetBytes: attach.offset,
        isReturn: attach.returns,
        ...cookie,
      });
    case 'kprobe-multi':
      return attachKprobeMulti(calls, program, {
        probe,
        symbols: attach.functions,
        at: attach.returns ? 'return' : 'entry',
        ...cookies(attach.functions),
      });
    case 'kprobe-session':
      return attachKprobeMulti(calls, program, {
        probe,
        symbols: attach.functions,
        at: 'both',
        ...cookies(attach.functions),
      });
    case 'uprobe-multi':
      return attachUprobeMulti(calls, program, {
        probe,
        path: attach.path,
        fileOffsets: attach.fileOffsets.map(BigInt),
        isReturn: attach.returns,
        ...cookies(attach.fileOffsets),
        ...(attach.pid === undefined ? {} : { pid: attach.pid }),
      });
    case 'watchpoint':
      return onCpus(spec, context, attach.pid, (cpus, pid) =>
        attachWatchpoint(calls, program, {
          probe,
          address: attach.address,
          lengthBytes: attach.length,
          mode: attach.mode,
          cpus,
          ...pid,
        }),
      );
    case 'iter':
      return IteratorLink.attach(calls, program, probe, pinPath(attach.pin));
    case 'tracing':
      return attachFentry(calls, program, probe);
    case 'uprobe':
      return attachUprobe(calls, program, {
        probe,
        path: attach.path,
        fileOffset: BigInt(attach.fileOffset),
        isReturn: attach.returns,
        semaphoreOffset: BigInt(attach.semaphoreOffset),
        ...cookie,
        ...(attach.pid === undefined ? {} : { pid: attach.pid }),
      });
    case 'perf-event':
      return onCpus(spec, context, attach.pid, (cpus, pid) =>
        attachPerfEvent(calls, program, {
          probe,
          type: attach.type,
          config: attach.config,
          sample: attach.sample,
          cpus,
          ...pid,
        }),
      );
    case 'each':
      throw new Error(`attach ${probe}: one place at a time`);
    case 'begin':
    case 'end':
    case 'self-signal':
    case 'test':
    case 'bench':
      throw new Error(`attach ${probe}: ${attach.kind} programs are run, not attached`);
  }
}

/** On CPUs, which may come and go, or in one process, wherever it runs. */
function onCpus(
  { probe, attach }: ProbeProgram,
  { onlineCpus }: AttachContext,
  pid: number | undefined,
  attachOn: (cpus: readonly number[], pid: { readonly pid?: number }) => Link,
): Link {
  if (pid !== undefined) return attachOn([], { pid });
  const on = attach.kind === 'perf-event' ? attach.cpus : 'all';
  return CpuLinks.attach(probe, on, onlineCpus, (cpu) => attachOn([cpu], {}));
}

/** The table keeps the program; it runs no more when what goes by the table is detached. */
function enterCalls(
  program: Program,
  { map, calls }: Extract<AttachSpec, { kind: 'system-calls' }>,
  context: AttachContext,
): Link {
  const table = context.map(map);
  const value = new Uint8Array(Uint32Array.of(program.fd.number).buffer);
  for (const { number } of calls)
    table.update(new Uint8Array(Uint32Array.of(number).buffer), value);
  return new FdLink(map, []);
}

function joinedName(module: string | undefined, name: string): string {
  return module === undefined ? name : `${module}:${name}`;
}

/** Of a name alone, in the BPF file system where it usually is. */
function pinPath(pin: string | undefined): string | undefined {
  return pin === undefined || pin.startsWith('/') ? pin : `/sys/fs/bpf/${pin}`;
}
