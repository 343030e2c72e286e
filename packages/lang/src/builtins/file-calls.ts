/** Functions of files and control groups: `path`, `cgroup_path`. */
import { printKind } from '../types/print-type.ts';
import { string } from '../types/scalars.ts';
import { possibleTypes } from '../analysis/kernel-program-type.ts';
import { NO_TYPES } from './network-calls.ts';
import type { CallKind, TypedCall } from './call-kind.ts';

const PATH_PROBES = ['fentry', 'fexit', 'iter'];

export const fileCalls: readonly CallKind[] = [
  {
    name: 'path',
    arity: [1, 2],
    arguments: ['any', 'integer-literal'],
    type: (call) => string(Number(call.integer(1) ?? BigInt(call.config.maxStrlen))),
    check: checkPath,
  },
  {
    name: 'cgroup_path',
    arity: [1, 2],
    arguments: ['integer', 'string-literal'],
    type: (call) => ({ kind: 'cgroup-path', filter: call.text(1) ?? '*' }),
  },
];

function checkPath(call: TypedCall): readonly string[] {
  const faults: string[] = [];
  const size = call.integer(1);
  if (size !== undefined && size <= 0n) {
    faults.push('path: invalid size value, need non-negative literal');
  }
  if (!PATH_PROBES.includes(call.probe.provider)) {
    faults.push("The path function can only be used with 'fentry', 'fexit', 'iter' probes");
  } else if (!possibleTypes(call.probe, call.target).includes('tracing')) {
    faults.push(`path: ${NO_TYPES}`);
  }
  const type = call.typeOf(0);
  if (type !== undefined && type.kind !== 'pointer' && type.kind !== 'struct') {
    faults.push(`path() only supports pointer or C type argument (${printKind(type)} provided)`);
  }
  return faults;
}
