/** Where the arguments of a USDT probe are when it is hit, from what its note says and where its symbols are. */
import {
  ElfError,
  parseUsdtArg,
  usdtArgTexts,
  type ElfArchitecture,
  type SymbolTable,
  type UsdtArg,
  type UsdtProbe,
} from '@bpfleet/bpf/elf';
import type { UsdtArgument } from '@bpfleet/lang';

/** One that cannot be read is no reason to have no probe. */
export function usdtArguments(
  probe: UsdtProbe,
  architecture: ElfArchitecture,
  symbols: SymbolTable,
): UsdtArgument[] {
  return usdtArgTexts(probe.argsSpec).map((text) => {
    try {
      return usdtArgument(parseUsdtArg(text, architecture), probe, symbols);
    } catch (error) {
      if (!(error instanceof ElfError)) throw error;
      return { size: 8, signed: false, kind: 'unreadable', reason: error.message };
    }
  });
}

function usdtArgument(arg: UsdtArg, probe: UsdtProbe, symbols: SymbolTable): UsdtArgument {
  const common = { size: arg.sizeBytes, signed: arg.signed };
  const symbolAddress = arg.kind === 'reg' ? 0 : addressOf(arg.symbol, symbols);
  switch (arg.kind) {
    case 'const':
      return { ...common, kind: 'constant', value: arg.value + BigInt(symbolAddress) };
    case 'reg':
      return {
        ...common,
        kind: 'register',
        register: arg.reg,
        ...(arg.bitOffset === 0 ? {} : { bitOffset: arg.bitOffset }),
      };
    case 'memory': {
      // A symbol is as far from the probed instruction at run time as it was linked.
      const beside = arg.symbol !== undefined && (arg.reg === undefined || arg.reg === 'ip');
      const base = beside && arg.index === undefined ? 'ip' : arg.reg;
      const distance = base === 'ip' && beside ? symbolAddress - probe.address : symbolAddress;
      return {
        ...common,
        kind: 'memory',
        ...(base === undefined ? {} : { base }),
        ...(arg.index === undefined ? {} : { index: arg.index, scale: arg.scale }),
        displacement: BigInt(arg.displacement) + BigInt(distance),
      };
    }
  }
}

/** 0 without a symbol. */
function addressOf(name: string | undefined, symbols: SymbolTable): number {
  if (name === undefined) return 0;
  const symbol = symbols.find(name);
  if (symbol === undefined) throw new ElfError(`usdt argument names the unknown symbol ${name}`);
  return symbol.address;
}
