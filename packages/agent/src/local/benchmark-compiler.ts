/** `--mode compiler-bench`: how much of the processor's time it takes to compile a program. */

/** Runs as often as bpftrace does: long enough to tell, and no longer than anyone waits. */
const MIN_RUNS = 3;
const MAX_RUNS = 10_000;
const MIN_TOTAL_US = 100_000;
/** Half the width of the 95 % confidence interval, in standard deviations of the mean. */
const CONFIDENCE = 1.96;

/** Name, runs, their sum in nanoseconds, and the mean with its error. */
export function benchmarkCompiler(name: string, compile: () => unknown): string {
  const times: number[] = [];
  let totalUs = 0;
  while (times.length < MAX_RUNS && (times.length < MIN_RUNS || totalUs < MIN_TOTAL_US)) {
    const before = process.cpuUsage();
    compile();
    const { user, system } = process.cpuUsage(before);
    times.push(user + system);
    totalUs += user + system;
  }
  const count = times.length;
  const mean = totalUs / count;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / count;
  const error = (CONFIDENCE * Math.sqrt(variance)) / Math.sqrt(count);
  const { unit, scale } = mean >= 1000 ? { unit: 'ms', scale: 1000 } : { unit: 'μs', scale: 1 };
  const average = `${Math.round(mean / scale)} ± ${Math.round(error / scale)} ${unit}`;
  return `${name.padEnd(30)}${String(count).padEnd(8)}${String(totalUs * 1000).padEnd(14)}${average}\n`;
}
