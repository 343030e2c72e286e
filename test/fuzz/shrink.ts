/** A smaller input with the same fault, where leaving parts out finds one. */
import type { Finding, Fuzzer } from './fuzzer.ts';

const MAX_TRIES = 400;

export async function shrink(finding: Finding, fuzzer: Fuzzer): Promise<Finding> {
  let smallest = finding;
  let tries = 0;
  for (let part = Math.ceil(finding.input.length / 2); part >= 1; part = Math.floor(part / 2)) {
    for (let at = 0; at < smallest.input.length && tries < MAX_TRIES;) {
      tries++;
      const { input } = smallest;
      const less = Buffer.concat([input.subarray(0, at), input.subarray(at + part)]);
      const found = await fuzzer.run(new Uint8Array(less));
      if (found?.signature === finding.signature) smallest = found;
      else at += part;
    }
  }
  return smallest;
}
