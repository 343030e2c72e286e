/** Maps and types of the kernel: the smallest thing that needs each. */
import type { Btf } from '../btf/btf.ts';
import { mapCreate, mapLookupBatch } from '../sys/bpf.ts';
import * as K from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import type { FeatureTests } from './feature-test.ts';

export function mapFeatures(
  calls: KernelCalls,
  vmlinux: () => Btf | undefined,
): FeatureTests<'ringBuffer' | 'batch' | 'btf'> {
  return {
    ringBuffer: {
      name: 'ring buffers',
      minimumKernel: '5.8',
      commit: '457f44363a88',
      refusals: ['EINVAL'],
      attempt: () => {
        mapCreate(calls, {
          mapType: K.BPF_MAP_TYPE_RINGBUF,
          keySize: 0,
          valueSize: 0,
          // The largest page size of the supported architectures.
          maxEntries: 65536,
          flags: 0,
          name: 'bpfleet_probe',
        }).close();
        return undefined;
      },
    },

    batch: {
      name: 'map batch commands',
      minimumKernel: '5.6',
      commit: '057996380a42',
      refusals: ['EINVAL', 'ENOTSUPP'],
      attempt: () => {
        const sizes = { keySize: 4, valueSize: 4, maxEntries: 1 };
        const options = { mapType: K.BPF_MAP_TYPE_HASH, flags: 0, name: 'bpfleet_probe' };
        using map = mapCreate(calls, { ...options, ...sizes });
        const [outBatch, keys, values] = [new Uint8Array(4), new Uint8Array(4), new Uint8Array(4)];
        mapLookupBatch(calls, { mapFd: map.number, outBatch, keys, values, count: 1 });
        return undefined;
      },
    },

    btf: {
      name: 'kernel BTF',
      minimumKernel: '5.4',
      commit: '341dfcf8d78e',
      refusals: [],
      attempt: () =>
        vmlinux() === undefined ? 'no BTF in this kernel (CONFIG_DEBUG_INFO_BTF)' : undefined,
    },
  };
}
