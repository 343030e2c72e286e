/** Shares, counts and sizes as people write them. */
import { UserError } from '../terminal.ts';

const UNITS = { '': 1, K: 1 << 10, M: 1 << 20, G: 1 << 30 } as const;
type Unit = keyof typeof UNITS;

/** `0.5%` or `0.005`, of 1. @throws UserError */
export function parseShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const share = Number(match?.[1]) / (match?.[2] === '%' ? 100 : 1);
  if (match === null || share <= 0 || share > 1) {
    throw new UserError(`not a share: ${text} (such as 0.5%, more than 0 and at most 100%)`);
  }
  return share;
}

/** @throws UserError */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,11}$/.test(text)) throw new UserError(`not a count: ${text} (such as 10000)`);
  return Number(text);
}

/** `4096`, `512K`, `64M`, `2G`, in powers of 1024. @throws UserError */
export function parseBytes(text: string): number {
  const match = /^([1-9]\d{0,11})([KMG]?)$/.exec(text);
  if (match === null) throw new UserError(`not a size: ${text} (such as 4096, 512K, 64M, 2G)`);
  return Number(match[1]) * UNITS[match[2] as Unit];
}

/** Such as `512` or `1.5M`, in powers of 1024. */
export function sizeText(bytes: number): string {
  const units = Object.entries(UNITS).toReversed();
  const [unit, size] = units.find(([, size]) => bytes >= size) ?? ['', 1];
  return size === 1 ? String(bytes) : `${(bytes / size).toFixed(1)}${unit}`;
}
