/** All that a compiled program would be attached to: what wildcards and numbers have come to, not what was written. */
import type { AttachSpec, ProbeProgram, SessionSpec } from '@bpfleet/lang';

/** `probe`: as the program calls it, for messages. */
export type TracedPlace = { readonly probe: string } & (
  | { readonly kind: 'function'; readonly name: string; readonly module?: string }
  /** Of code of the kernel. */
  | { readonly kind: 'address'; readonly address: bigint }
  | { readonly kind: 'tracepoint'; readonly category?: string; readonly event: string }
  | { readonly kind: 'file'; readonly path: string }
  /** Walks over all processes, files or objects of the kernel. */
  | { readonly kind: 'iterator' }
);

export function tracedPlaces({ programs }: SessionSpec): readonly TracedPlace[] {
  return programs.flatMap((program) => placesOf(program, program.probe, program.attach));
}

/** Kinds of probes, as they were written: `kprobe`, however the kernel is made to call it. */
export function probeKindsOf({ programs }: SessionSpec): ReadonlySet<string> {
  const probes = programs.flatMap(({ probe, attach }) => [
    probe,
    ...(attach.kind === 'each' ? attach.places.map((place) => place.probe) : []),
    ...(attach.kind === 'system-calls' ? attach.calls.map((call) => call.probe) : []),
  ]);
  const kinds = probes.map((probe) => probe.split(':', 1)[0] ?? '').filter((kind) => kind !== '');
  return new Set(kinds);
}

function placesOf(
  program: ProbeProgram,
  probe: string,
  attach: AttachSpec,
): readonly TracedPlace[] {
  switch (attach.kind) {
    case 'begin':
    case 'end':
    case 'self-signal':
    case 'test':
    case 'bench':
    case 'perf-event':
      return [];
    case 'tracepoint':
      return [{ kind: 'tracepoint', probe, category: attach.category, event: attach.event }];
    case 'rawtracepoint':
      // With a table it calls the programs of single system calls, which are judged by themselves.
      return attach.table === undefined ? [{ kind: 'tracepoint', probe, event: attach.event }] : [];
    case 'system-calls':
      return attach.calls.flatMap((call) => systemCall(call.probe));
    case 'kprobe':
      if (attach.function === '') {
        return attach.address === undefined
          ? []
          : [{ kind: 'address', probe, address: attach.address + BigInt(attach.offset) }];
      }
      return [{ kind: 'function', probe, name: attach.function, ...inModule(attach.module) }];
    case 'kprobe-multi':
    case 'kprobe-session':
      return attach.functions.map((written) => {
        const [name = '', module] = written.split(':').toReversed();
        return { kind: 'function', probe, name, ...inModule(module) };
      });
    case 'each':
      return attach.places.flatMap((place) => placesOf(program, place.probe, place.attach));
    case 'uprobe':
    case 'uprobe-multi':
      return [{ kind: 'file', probe, path: attach.path }];
    case 'watchpoint':
      return attach.pid === undefined ? [{ kind: 'address', probe, address: attach.address }] : [];
    case 'iter':
      return [{ kind: 'iterator', probe }];
    case 'tracing':
      return traced(program, probe);
  }
}

function traced({ program }: ProbeProgram, probe: string): readonly TracedPlace[] {
  const { tracing } = program;
  if (tracing === undefined) return [];
  if (tracing.attachType === 'iter') return [{ kind: 'iterator', probe }];
  if (tracing.attachType === 'raw_tp') {
    return [{ kind: 'tracepoint', probe, event: tracing.function.replace(/^btf_trace_/, '') }];
  }
  return [{ kind: 'function', probe, name: tracing.function, ...inModule(tracing.module) }];
}

function systemCall(probe: string): readonly TracedPlace[] {
  const [, category, event] = probe.split(':');
  return category === undefined || event === undefined
    ? []
    : [{ kind: 'tracepoint', probe, category, event }];
}

function inModule(module: string | undefined): { readonly module?: string } {
  return module === undefined || module === 'vmlinux' ? {} : { module };
}
