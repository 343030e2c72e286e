/**
 * A flame graph as one SVG file: no script, no font, nothing beside it. The width of a frame is its part of all; it lights up
 * under the pointer, and its title says how much it is.
 */
import type { FoldedStack } from './folded-stacks.ts';
import { markup } from './markup.ts';

const WIDTH = 1200;
const ROW = 17;
const MARGIN = 10;
const HEAD = 34;
/** Of a letter of the font, about. */
const LETTER = 7;
/** Narrower frames are not seen, and there can be millions of them. */
const NARROWEST = 0.2;
/** Stacks are bounded by the kernel; what else a key holds is not. */
const DEEPEST = 512;

interface Frame {
  readonly name: string;
  count: bigint;
  readonly children: Map<string, Frame>;
}

export function flameGraph(title: string, unit: string, stacks: readonly FoldedStack[]): string {
  const root = treeOf(stacks);
  const boxes = boxesOf(root);
  const rows = boxes.reduce((most, { depth }) => Math.max(most, depth), 0) + 1;
  const height = HEAD + rows * ROW + MARGIN;
  const body = boxes.map(({ frame, depth, left, width }) => {
    const y = height - MARGIN - (depth + 1) * ROW;
    const part = root.count === 0n ? 0 : (Number(frame.count) / Number(root.count)) * 100;
    const name = markup(frame.name);
    const room = Math.floor((width - 4) / LETTER);
    const shown = room < 3 ? '' : markup(shortened(frame.name, room));
    const label = shown === '' ? '' : `<text x="${number(left + 3)}" y="${y + 12}">${shown}</text>`;
    return `<g><title>${name}: ${frame.count} ${markup(unit)}, ${part.toFixed(2)}%</title><rect x="${number(left)}" y="${y}" width="${number(Math.max(width - 0.3, 0.1))}" height="${ROW - 1}" rx="2" fill="${colorOf(frame.name, depth)}"/>${label}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="12">`,
    '<style>g:hover rect{stroke:#000;stroke-width:1}text{pointer-events:none}</style>',
    '<rect width="100%" height="100%" fill="#fffdf5"/>',
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="15">${markup(title)}</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function treeOf(stacks: readonly FoldedStack[]): Frame {
  const root: Frame = { name: 'all', count: 0n, children: new Map() };
  for (const { frames, count } of stacks) {
    root.count += count;
    let frame = root;
    for (const name of frames.slice(0, DEEPEST)) {
      let child = frame.children.get(name);
      if (child === undefined) {
        child = { name, count: 0n, children: new Map() };
        frame.children.set(name, child);
      }
      child.count += count;
      frame = child;
    }
  }
  return root;
}

interface Box {
  readonly frame: Frame;
  readonly depth: number;
  readonly left: number;
  readonly width: number;
}

/** Frames beside each other are in the order of their names, so that two graphs can be compared. */
function boxesOf(root: Frame): readonly Box[] {
  const boxes: Box[] = [];
  const place = (frame: Frame, depth: number, left: number, width: number): void => {
    if (width < NARROWEST) return;
    boxes.push({ frame, depth, left, width });
    let at = left;
    const children = [...frame.children.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const child of children) {
      const part = (width * Number(child.count)) / Number(frame.count);
      place(child, depth + 1, at, part);
      at += part;
    }
  };
  if (root.count > 0n) place(root, 0, MARGIN, WIDTH - 2 * MARGIN);
  return boxes;
}

function shortened(name: string, letters: number): string {
  const all = Array.from(name);
  return all.length <= letters ? name : `${all.slice(0, letters - 2).join('')}..`;
}

/** Warm, and the same for the same name in every graph. */
function colorOf(name: string, depth: number): string {
  if (depth === 0) return 'rgb(200,200,200)';
  let hash = 2_166_136_261;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 16_777_619) >>> 0;
  }
  return `rgb(${205 + (hash % 50)},${90 + ((hash >>> 8) % 120)},${40 + ((hash >>> 16) % 40)})`;
}

function number(value: number): string {
  return value.toFixed(1);
}
