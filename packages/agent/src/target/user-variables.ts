/** Where the variables of a traced program are, for the probes in it. */
import type { ProbeExpansion, ResolvedProbe, UserVariables } from '@bpfleet/lang';
import type { Elf } from '@bpfleet/bpf/elf';
import type { UserFile } from '../debug/user-file.ts';

export function withVariables(
  expansion: ProbeExpansion,
  file: UserFile,
  names: readonly string[],
): ProbeExpansion {
  if (expansion.kind !== 'found' || names.length === 0) return expansion;
  const symbols: Record<string, { address: bigint; sizeBytes: number }> = {};
  for (const name of names) {
    const symbol = file.symbols.find(name);
    if (symbol === undefined) continue;
    symbols[name] = { address: BigInt(symbol.address), sizeBytes: symbol.sizeBytes };
  }
  const { elf } = file;
  return {
    ...expansion,
    probes: expansion.probes.map((probe) => {
      const offset = codeOffset(probe);
      if (offset === undefined) return probe;
      return { ...probe, variables: { symbols, ...codeDistance(elf, offset) } };
    }),
  };
}

function codeOffset(probe: ResolvedProbe): number | undefined {
  if (probe.kind === 'uprobe') return probe.fileOffset;
  return probe.kind === 'usdt' ? probe.locations[0]?.fileOffset : undefined;
}

function codeDistance(elf: Elf, offset: number): Pick<UserVariables, 'codeDistance'> {
  if (!elf.relocatable) return {};
  const segment = elf.segments.find(
    ({ executable, fileOffset, fileBytes }) =>
      executable && offset >= fileOffset && offset < fileOffset + fileBytes,
  );
  return segment === undefined
    ? {}
    : { codeDistance: BigInt(segment.address - segment.fileOffset) };
}
