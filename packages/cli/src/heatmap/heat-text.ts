/** A heat map for a terminal: a cell a character. */
import { escapeControls, type HeatmapAnswer } from '@bpfleet/protocol';
import { momentText } from '../output/moment.ts';
import { heatLetter, terminalColor } from './heat-colors.ts';
import { heatGrid, heatOf } from './heat-grid.ts';
import { heatTitle, stepText } from './heat-title.ts';

/** So wide is the widest label of a bucket, and what is between it and the cells. */
export const LABEL_WIDTH = 20;

const PLAIN = '\u001b[0m';

export function heatText(answer: HeatmapAnswer, color: boolean): string {
  const { rows, most } = heatGrid(answer);
  const width = Math.max(0, ...rows.map(({ label }) => label.length));
  const lines = rows.map(({ label, cells }) => {
    const body = cellsText(
      cells.map((hits) => heatOf(hits, most)),
      color,
    );
    return `${label.padStart(width)} |${body.trimEnd()}\n`;
  });
  const { fromNs, toNs } = answer.range;
  const axis = [momentText(fromNs).slice(0, 19), momentText(toNs).slice(0, 19)] as const;
  const room = answer.columns.length - axis[0].length - axis[1].length;
  const ends = room > 0 ? axis.join(' '.repeat(room)) : axis.join(' to ');
  const indent = ' '.repeat(width);
  return (
    `${escapeControls(heatTitle(answer))}\n${lines.join('')}` +
    `${indent} +${'-'.repeat(answer.columns.length)}\n${indent}  ${ends}\n` +
    `${indent}  ${legend(most, answer.stepNs, color)}\n`
  );
}

/** A colour is switched to where it changes. */
function cellsText(heats: readonly number[], color: boolean): string {
  if (!color) return heats.map((heat) => (heat <= 0 ? ' ' : heatLetter(heat))).join('');
  let text = '';
  let last = '';
  for (const heat of heats) {
    const paint = heat <= 0 ? PLAIN : `\u001b[48;5;${terminalColor(heat)}m`;
    text += paint === last ? ' ' : `${paint} `;
    last = paint;
  }
  return text + PLAIN;
}

function legend(most: bigint, stepNs: bigint, color: boolean): string {
  const scale = cellsText([0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1], color);
  return `each column ${stepText(stepNs)}, UTC; hits 1 ${scale} ${most} (logarithmic)`;
}
