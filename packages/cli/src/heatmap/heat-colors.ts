/** Colours from cold to hot, on a dark ground: of the terminal's 256, as text, and as red, green and blue. */

/** Numbers of the terminal's palette, cold first. */
const TERMINAL: readonly number[] = [
  ...[17, 18, 19, 20, 26, 32, 38, 44, 43, 42, 41, 77],
  ...[113, 149, 185, 184, 220, 214, 208, 202, 196],
];

/** Without colours: darker letters. */
const LETTERS: readonly string[] = ['.', ':', '-', '=', '+', '*', '#', '%', '@'];

const STOPS: readonly (readonly [number, number, number])[] = [
  [30, 30, 90],
  [35, 90, 180],
  [40, 165, 165],
  [110, 200, 70],
  [240, 215, 50],
  [245, 130, 30],
  [220, 30, 30],
];

/** Heat above 0. */
export function terminalColor(heat: number): number {
  return pick(TERMINAL, heat) ?? 17;
}

export function heatLetter(heat: number): string {
  return pick(LETTERS, heat) ?? '.';
}

export function heatRgb(heat: number): readonly [number, number, number] {
  const place = Math.min(1, Math.max(0, heat)) * (STOPS.length - 1);
  const at = Math.min(STOPS.length - 2, Math.floor(place));
  const [low, high] = [STOPS[at] ?? [0, 0, 0], STOPS[at + 1] ?? [0, 0, 0]];
  const mix = (a: number, b: number): number => Math.round(a + (b - a) * (place - at));
  return [mix(low[0], high[0]), mix(low[1], high[1]), mix(low[2], high[2])];
}

function pick<Item>(items: readonly Item[], heat: number): Item | undefined {
  return items[Math.min(items.length - 1, Math.floor(heat * items.length))];
}
