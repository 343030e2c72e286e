/** What a program asks of a file's debug information, as the compiler takes it: an image of types, and arguments. */
import {
  DwarfError,
  functionSignature,
  TypeImage,
  typeTags,
  type DebugInfo,
  type Die,
} from '@bpfleet/bpf/dwarf';
import type { DebugQuery, ResolvedProbe, UserArguments } from '@bpfleet/lang';
import type { UserFile } from './user-file.ts';

type Uprobe = Extract<ResolvedProbe, { kind: 'uprobe' }>;

/** A probe, and the address for which its function was linked. */
export interface FunctionProbe {
  readonly probe: Uprobe;
  readonly address: number;
}

/** Adds to each probe what the program asks for. Damaged debug information is as good as none. */
export function withDebugTypes(
  probes: readonly FunctionProbe[],
  file: UserFile,
  query: DebugQuery,
): readonly ResolvedProbe[] {
  const plain = probes.map(({ probe }) => probe);
  if (!query.args && query.types.length === 0) return plain;
  const info = file.debugInfo;
  if (info === undefined) return query.args ? plain.map((probe) => without(probe, file)) : plain;
  try {
    return describe(probes, info, file, query);
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error;
    const { message } = error;
    return plain.map((probe) => ({ ...probe, args: { kind: 'unknown', reason: message } }));
  }
}

function without(probe: Uprobe, { path }: UserFile): Uprobe {
  return { ...probe, args: { kind: 'unknown', reason: `no debuginfo found for ${path}` } };
}

function describe(
  probes: readonly FunctionProbe[],
  info: DebugInfo,
  file: UserFile,
  query: DebugQuery,
): readonly ResolvedProbe[] {
  const members = new Set(query.members);
  const image = new TypeImage((member) => members.has(member));
  const described = probes.map(({ probe, address }) => {
    const code = info.functionAt(address);
    const args =
      query.args && code !== undefined ? addArguments(image, code, probe, file) : undefined;
    return { probe: args === undefined ? probe : { ...probe, args }, code };
  });
  // A name may mean different types in different source files: the one of the probed function is meant.
  const near = described.find(({ code }) => code !== undefined)?.code?.unit;
  for (const { tag, name } of query.types) {
    const type = info.typeNamed(name, typeTags[tag ?? ''], near);
    if (type === undefined) continue;
    if (tag === undefined) image.addNamed(name, type);
    else image.add(type);
  }
  const debugTypes = image.bytes();
  return described.map(({ probe }) => ({ ...probe, debugTypes }));
}

function addArguments(
  image: TypeImage,
  code: Die,
  probe: Uprobe,
  { elf }: UserFile,
): UserArguments {
  const { parameters } = functionSignature(code, elf.architecture ?? 'x86_64');
  const name = `uprobe:${probe.symbol.replaceAll(' ', '_')}_args`;
  image.addStruct(
    name,
    parameters.map((parameter) => ({ name: parameter.name, type: parameter.type })),
  );
  return {
    kind: 'known',
    struct: `struct ${name}`,
    places: parameters.map(({ place }) => place),
  };
}
