/** What the options of a run say about the machine. */
import type { MachineOptions } from '../target/machine.ts';
import type { LocalOptions } from './local-options.ts';

export function machineOptions(options: LocalOptions): MachineOptions {
  const { disabledFeatures, traceableFunctionsPath: path } = options;
  return {
    disabledFeatures,
    ...(path === undefined ? {} : { traceableFunctionsPath: path }),
  };
}
