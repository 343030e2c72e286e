/** Why a case cannot be run on this machine at all. */
import { spawnSync } from 'node:child_process';
import { machine, release } from 'node:os';
import type { ConformanceCase } from './conformance-case.ts';
import type { Features } from './features.ts';
import { REQUIREMENT_REASONS } from './requirement-reasons.ts';

/** `x86_64` and `le`: what ARCH may name. */
const HOST: readonly string[] = [machine(), 'le'];

/** Cases of other architectures are no cases here, and are not counted. */
export function isForThisArchitecture({ architectures }: ConformanceCase): boolean {
  const excluded = architectures.filter((name) => name.startsWith('!'));
  const included = architectures.filter((name) => !name.startsWith('!'));
  return (
    !excluded.some((name) => HOST.includes(name.slice(1))) &&
    (included.length === 0 || included.some((name) => HOST.includes(name)))
  );
}

function compareVersions(left: string, right: string): number {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @param directory where the commands of REQUIRES are run */
export function skipReason(
  testCase: ConformanceCase,
  features: Features,
  directory: string,
): string | undefined {
  const { minKernel, maxKernel, skippedIfEnvironmentHas: unwanted } = testCase;
  if (minKernel !== undefined && compareVersions(release(), minKernel) < 0) {
    return `needs Linux ${minKernel} or later`;
  }
  if (maxKernel !== undefined && compareVersions(release(), maxKernel) > 0) {
    return `needs Linux ${maxKernel} or earlier`;
  }
  if (unwanted !== undefined && process.env[unwanted.name] === unwanted.value) {
    return `the environment has ${unwanted.name}=${unwanted.value}`;
  }
  const requirement = testCase.requirements.find((command) => {
    const { status } = spawnSync('/bin/sh', ['-c', command], { cwd: directory, stdio: 'ignore' });
    return status !== 0;
  });
  if (requirement !== undefined) {
    return REQUIREMENT_REASONS[requirement] ?? `requires: ${requirement}`;
  }
  const feature = testCase.features.find(({ name, wanted }) => features.has(name) !== wanted);
  if (feature === undefined) return undefined;
  return feature.wanted ? `requires feature ${feature.name}` : `not with feature ${feature.name}`;
}
