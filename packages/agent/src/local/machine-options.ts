/** What the options of a run say about the machine. */
import type { MachineOptions } from '../target/machine.ts';
import { kernelTypes } from './kernel-types.ts';
import type { LocalIo, LocalOptions } from './local-options.ts';

export function machineOptions(options: LocalOptions, io: LocalIo): MachineOptions {
  const { disabledFeatures, traceableFunctionsPath: path } = options;
  const types = kernelTypes(io);
  return {
    disabledFeatures,
    ...(types === undefined ? {} : { types }),
    ...(path === undefined ? {} : { traceableFunctionsPath: path }),
  };
}
