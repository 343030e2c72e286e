/** The type of `args`: a struct with the arguments of the probe, wherever they are. */
import { lacking } from '../probes/lacking.ts';
import { archOf } from '../arch/arch-of.ts';
import type { ProbeDraft, Refusal } from '../probes/probe-kind.ts';
import { isRefusal } from '../probes/probe-kind.ts';
import { probeKindOf } from '../probes/registry.ts';
import type { FunctionSignature, Target } from '../target.ts';
import type { CTypes } from '../types/c-types.ts';
import { argumentsStruct, argumentType, tracepointStruct } from '../types/from-c.ts';
import type { Field, Struct, Type } from '../types/type.ts';
import type { BuiltinScope } from './builtin-scope.ts';

export function argsType({ probe, types, target }: BuiltinScope): Type | Refusal {
  if (probe.provider === 'uprobe') return userArgsType(probe, types);
  const struct = argsStruct(probe, types, target);
  if (isRefusal(struct)) return struct;
  return { kind: 'struct', struct, space: probeKindOf(probe.provider).space };
}

function userArgsType({ name, resolved }: ProbeDraft, types: CTypes): Type | Refusal {
  const args = resolved.kind === 'uprobe' ? resolved.args : undefined;
  if (args?.kind === 'unknown') {
    return { refusal: `Could not parse arguments of "${name}": ${args.reason}` };
  }
  const type = args && types.named(args.struct, 'user');
  return type ?? { refusal: 'Cannot read function parameters' };
}

function argsStruct(probe: ProbeDraft, types: CTypes, target: Target): Struct | Refusal {
  const { resolved } = probe;
  if (resolved.kind === 'tracepoint') {
    return tracepointStruct(resolved.category, resolved.event, resolved.fields, types);
  }
  if (probeKindOf(probe.provider).has.args !== true) {
    return {
      refusal:
        'The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and uprobe probes ' +
        `(${probe.provider} used here)`,
    };
  }
  const args = resolved.kind === 'rawtracepoint' ? resolved.args : signatureOf(probe)?.args;
  if (args === undefined) return { refusal: 'Cannot read function parameters' };
  const name = `struct ${probe.name.replace(/[^A-Za-z0-9_]/g, '_')}_args`;
  return probe.context === 'pt_regs'
    ? registersStruct(name, probe, args, types, target)
    : argumentsStruct(name, args, types);
}

const REGISTER_BYTES = 8;

/** What is in registers where a kprobe stands in for fentry: `args` is all of them, and its members are some. */
function registersStruct(
  name: string,
  { provider }: ProbeDraft,
  args: FunctionSignature['args'],
  types: CTypes,
  target: Target,
): Struct | Refusal {
  const { arguments: order, registers } = archOf(target);
  if (provider === 'fexit') {
    return {
      refusal: `${lacking('fentry', 'fentry', target)}, and a kretprobe cannot see the arguments`,
    };
  }
  const fields: Field[] = [];
  for (const [index, arg] of args.entries()) {
    const offset = registers[order[index] ?? ''];
    if (offset === undefined || arg.size > REGISTER_BYTES) {
      return {
        refusal: `${lacking('fentry', 'fentry', target)}, and to a kprobe argument '${arg.name}' is in no single register`,
      };
    }
    fields.push({ name: arg.name, offset, type: argumentType(arg, types) });
  }
  const size = Math.max(0, ...fields.map(({ offset }) => offset + REGISTER_BYTES));
  return { name, size, fields };
}

export function signatureOf({
  resolved,
}: ProbeDraft): Extract<typeof resolved, { kind: 'fentry' }>['signature'] | undefined {
  return resolved.kind === 'fentry' || resolved.kind === 'kprobe' ? resolved.signature : undefined;
}
