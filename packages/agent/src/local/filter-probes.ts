/** `--probe-filter`: the programs of a session whose probes have names that a regular expression matches. */
import type { ProbeProgram, SessionSpec } from '@bpfleet/lang';

const NEVER_FILTERED: ReadonlySet<string> = new Set(['begin', 'end', 'self-signal']);

/** Throws an Error when `filter` is no regular expression. */
export function filterProbes(spec: SessionSpec, filter: string | undefined): SessionSpec {
  if (filter === undefined || filter === '') return spec;
  const expression = compile(filter);
  const kept = spec.programs.flatMap((program) => filterProgram(program, expression));
  const tables = new Set(
    kept.flatMap(({ attach }) => (attach.kind === 'system-calls' ? [attach.map] : [])),
  );
  const isIdle = ({ attach }: ProbeProgram): boolean =>
    attach.kind === 'rawtracepoint' && attach.table !== undefined && !tables.has(attach.table);
  return { ...spec, programs: kept.filter((program) => !isIdle(program)) };
}

function filterProgram(program: ProbeProgram, expression: RegExp): readonly ProbeProgram[] {
  const { probe, attach } = program;
  const isTable = attach.kind === 'rawtracepoint' && attach.table !== undefined;
  if (isTable || NEVER_FILTERED.has(attach.kind)) return [program];
  if (attach.kind === 'each') {
    const places = attach.places.filter((place) => expression.test(place.probe));
    return places.length === 0
      ? []
      : [{ ...program, attach: { ...attach, places }, probes: places.length }];
  }
  if (attach.kind !== 'system-calls') return expression.test(probe) ? [program] : [];
  const calls = attach.calls.filter((call) => expression.test(call.probe));
  if (calls.length === 0) return [];
  return [{ ...program, attach: { ...attach, calls }, probes: calls.length }];
}

function compile(filter: string): RegExp {
  try {
    return new RegExp(filter);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Invalid --probe-filter regex '${filter}': ${reason}`, { cause: error });
  }
}
