/** A heat map as an SVG file of its own: no script, no font, no file beside it. */
import type { HeatmapAnswer } from '@bpfleet/protocol';
import { markup } from '../export/markup.ts';
import { momentText } from '../output/moment.ts';
import { heatRgb } from './heat-colors.ts';
import { heatGrid, heatOf } from './heat-grid.ts';
import { heatTitle, stepText } from './heat-title.ts';

const CELL = { width: 8, height: 16 } as const;
const LEFT = 130;
const TOP = 30;
const BELOW = 50;
const FEWEST_COLUMNS_SHOWN = 60;

export function heatSvg(answer: HeatmapAnswer): string {
  const { rows, most } = heatGrid(answer);
  const { columns, range, stepNs } = answer;
  const width = LEFT + CELL.width * Math.max(columns.length, FEWEST_COLUMNS_SHOWN) + 20;
  const bottom = TOP + CELL.height * rows.length;
  const body = rows.flatMap(({ label, cells }, row) => {
    const y = TOP + row * CELL.height;
    return [
      `<text x="${LEFT - 6}" y="${y + 12}" text-anchor="end">${markup(label)}</text>`,
      ...cells.flatMap((hits, column) => {
        if (hits <= 0n) return [];
        const at = momentText(range.fromNs + BigInt(column) * stepNs).slice(0, 19);
        const [r, g, b] = heatRgb(heatOf(hits, most));
        const x = LEFT + column * CELL.width;
        return [
          `<rect x="${x}" y="${y}" width="${CELL.width}" height="${CELL.height}" fill="rgb(${r},${g},${b})"><title>${markup(`${at} ${label}: ${hits}`)}</title></rect>`,
        ];
      }),
    ];
  });
  const ends = [range.fromNs, range.toNs].map((ns) => markup(momentText(ns).slice(0, 19)));
  const right = LEFT + CELL.width * columns.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom + BELOW}" font-family="monospace" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="18" font-size="14">${markup(heatTitle(answer))}</text>`,
    `<rect x="${LEFT}" y="${TOP}" width="${CELL.width * columns.length}" height="${bottom - TOP}" fill="#101020"/>`,
    ...body,
    `<text x="${LEFT}" y="${bottom + 16}">${ends[0]}</text>`,
    `<text x="${Math.max(right, LEFT + CELL.width * FEWEST_COLUMNS_SHOWN)}" y="${bottom + 16}" text-anchor="end">${ends[1]}</text>`,
    `<text x="${LEFT}" y="${bottom + 34}">${markup(`each column ${stepText(stepNs)}, UTC; up to ${most} hits, logarithmic`)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}
