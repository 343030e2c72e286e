/** Programs through the real pipeline: parsed, then analysed for a saved target. */
import assert from 'node:assert/strict';
import { analyse } from '../../src/analysis/analyse.ts';
import type { CheckedProgram } from '../../src/analysis/checked-program.ts';
import type { CompileOptions } from '../../src/compile-options.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { loadProgram } from '../../src/load-program.ts';
import { Source } from '../../src/source.ts';
import type { Target } from '../../src/target.ts';
import { printType } from '../../src/types/print-type.ts';
import { assertSquiggles } from '../diagnostics/squiggle.ts';
import { withKprobes } from '../targets/targets.ts';

export interface Setup extends Partial<CompileOptions> {
  readonly target?: Target;
}

export function diagnose(source: Source, setup: Setup = {}): readonly Diagnostic[] {
  return run(source, setup).diagnostics;
}

/** The analysed program; fails on errors, not on warnings. */
export function analysed(text: string, setup: Setup = {}): CheckedProgram {
  const { checked, diagnostics } = run(new Source('stdin', text), setup);
  assert.ok(checked, diagnostics.map(({ message }) => message).join('\n'));
  return checked;
}

/** Checks that a program gets just the diagnostics of the picture. */
export function assertDiagnosed(picture: string, setup: Setup = {}): void {
  assertSquiggles(picture, (source) => diagnose(source, setup));
}

/** `@x[uint32] = hist_t`, one per map, host-local ones with their mark. */
export function mapsOf(checked: CheckedProgram): readonly string[] {
  return [...checked.maps.values()].map(({ name, key, value, hostLocal }) => {
    const index = key === undefined ? '' : `[${printType(key)}]`;
    return `${name}${index} = ${printType(value)}${hostLocal ? ' on its host' : ''}`;
  });
}

/** `$x: int64`, for the variables of the first probe. */
export function variablesOf(checked: CheckedProgram): readonly string[] {
  const [probe] = checked.probes;
  return [...(probe?.variables ?? [])].map(([name, type]) => `$${name}: ${printType(type)}`);
}

function run(
  source: Source,
  { target = withKprobes, ...options }: Setup,
): ReturnType<typeof analyse> {
  const { program, diagnostics } = loadProgram(source, options.files);
  if (program === undefined) return { checked: undefined, diagnostics };
  const result = analyse(program, source, target, {
    parameters: [],
    // Allowed here, so that tests can ask for types.
    environment: { BPFTRACE_UNSTABLE_TYPEINFO: 'enable' },
    unsafe: false,
    ...options,
  });
  return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] };
}
