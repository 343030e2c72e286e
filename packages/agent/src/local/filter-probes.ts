/** `--probe-filter`: the programs of a session whose probes have names that a regular expression matches. */
import type { SessionSpec } from '@bpfleet/lang';

const NEVER_FILTERED: ReadonlySet<string> = new Set(['begin', 'end', 'self-signal']);

/** Throws an Error when `filter` is no regular expression. */
export function filterProbes(spec: SessionSpec, filter: string | undefined): SessionSpec {
  if (filter === undefined || filter === '') return spec;
  const expression = compile(filter);
  return {
    ...spec,
    programs: spec.programs.filter(
      ({ probe, attach }) => NEVER_FILTERED.has(attach.kind) || expression.test(probe),
    ),
  };
}

function compile(filter: string): RegExp {
  try {
    return new RegExp(filter);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Invalid --probe-filter regex '${filter}': ${reason}`, { cause: error });
  }
}
