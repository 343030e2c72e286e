/** A heat map as a PNG picture. */
import type { HeatmapAnswer } from '@bpfleet/protocol';
import { drawText, textWidth } from '../export/bitmap-letters.ts';
import { Picture, type Rgb } from '../export/png.ts';
import { momentText } from '../output/moment.ts';
import { heatRgb } from './heat-colors.ts';
import { heatGrid, heatOf } from './heat-grid.ts';
import { heatTitle, stepText } from './heat-title.ts';

const CELL = { width: 8, height: 16 } as const;
const MARGIN = 10;
const LINE = 20;
const SCALE = 2;
const INK: Rgb = [20, 20, 20];
const PAPER: Rgb = [255, 255, 255];
const GROUND: Rgb = [16, 16, 32];

export function heatPng(answer: HeatmapAnswer): Buffer {
  const { rows, most } = heatGrid(answer);
  const { columns, range, stepNs } = answer;
  const labels = Math.max(0, ...rows.map(({ label }) => textWidth(label, SCALE)));
  const left = MARGIN + labels + MARGIN;
  const top = MARGIN + LINE;
  const grid = { width: CELL.width * columns.length, height: CELL.height * rows.length };
  const below = [
    `${momentText(range.fromNs).slice(0, 19)} to ${momentText(range.toNs).slice(0, 19)}`,
    `each column ${stepText(stepNs)}, UTC; up to ${most} hits, logarithmic`,
  ];
  const lines = [heatTitle(answer), ...below].map((line) => textWidth(line, SCALE));
  const width = left + Math.max(grid.width, ...lines) + MARGIN;
  const picture = new Picture(width, top + grid.height + LINE * 2 + MARGIN * 2, PAPER);
  const write = (x: number, y: number, text: string): void =>
    drawText(picture, [x, y], text, { scale: SCALE, color: INK });
  write(left, MARGIN, heatTitle(answer));
  picture.fill(left, top, grid.width, grid.height, GROUND);
  for (const [row, { label, cells }] of rows.entries()) {
    const y = top + row * CELL.height;
    write(left - MARGIN / 2 - textWidth(label, SCALE), y + 3, label);
    for (const [column, hits] of cells.entries()) {
      if (hits <= 0n) continue;
      const color = heatRgb(heatOf(hits, most));
      picture.fill(left + column * CELL.width, y, CELL.width, CELL.height, color);
    }
  }
  for (const [index, line] of below.entries()) {
    write(left, top + grid.height + MARGIN + index * LINE, line);
  }
  return picture.encode();
}
