/** Parts and changes in percent. */

export function shareText(part: bigint, whole: bigint): string {
  return whole === 0n ? '' : `${((Number(part) / Number(whole)) * 100).toFixed(1)}%`;
}

/** Such as `-97.9%`, or `×12.3` beyond a doubling; `new` and `gone` where one of the two is nothing. */
export function changeText(before: number, after: number): string {
  if (before === after) return '0.0%';
  if (before === 0) return 'new';
  if (after === 0) return 'gone';
  const ratio = after / before;
  if (ratio >= 2) return `×${ratio.toFixed(1)}`;
  const percent = (ratio - 1) * 100;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)}%`;
}

export function signed(value: bigint): string {
  return value > 0n ? `+${value}` : String(value);
}
