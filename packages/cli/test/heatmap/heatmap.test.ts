/** Golden drawings of a heat map, in letters, colours, SVG and PNG. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';
import { Picture } from '../../src/export/png.ts';
import { heatRgb } from '../../src/heatmap/heat-colors.ts';
import { heatOf } from '../../src/heatmap/heat-grid.ts';
import { heatPng } from '../../src/heatmap/heat-png.ts';
import { heatSvg } from '../../src/heatmap/heat-svg.ts';
import { heatText } from '../../src/heatmap/heat-text.ts';
import { HEAT } from '../support/heat-answer.ts';

test('a heat map in letters', () => {
  assert.equal(
    heatText(HEAT, false),
    [
      String.raw`@ns[<b>\x1b[1m] of session s1`,
      '[64, 128) |@*',
      ' [32, 64) |',
      ' [16, 32) |:  @',
      '          +----',
      '           2023-11-14 22:13:20 to 2023-11-14 22:17:20',
      '           each column 1 min, UTC; hits 1 .:=+*%@@ 1000 (logarithmic)',
      '',
    ].join('\n'),
  );
});

test('a heat map in colours switches them where they change', () => {
  const lines = heatText(HEAT, true).replaceAll('\u001b[', '^').split('\n');
  assert.deepEqual(lines.slice(1, 4), [
    '[64, 128) |^48;5;196m ^48;5;77m ^0m  ^0m',
    ' [32, 64) |^0m    ^0m',
    ' [16, 32) |^48;5;19m ^0m  ^48;5;196m ^0m',
  ]);
});

test('a heat map as SVG has no markup but its own', () => {
  const svg = heatSvg(HEAT);
  assert.match(svg, /<text x="130" y="18" font-size="14">@ns\[&lt;b&gt;\\x1b\[1m\] of session s1</);
  assert.ok(
    svg.includes(
      '<rect x="154" y="62" width="8" height="16" fill="rgb(220,30,30)"><title>2023-11-14 22:16:20 [16, 32): 1000</title></rect>',
    ),
  );
  assert.equal(svg.match(/<title>/g)?.length, 4);
  assert.deepEqual(
    [...new Set(svg.match(/<\/?[a-z]+/g))].toSorted(),
    ['</svg', '</text', '</title', '</rect', '<rect', '<svg', '<text', '<title'].toSorted(),
  );
});

test('a heat map as PNG is one that others can read', () => {
  const png = heatPng(HEAT);
  assert.equal(png.subarray(0, 8).toString('hex'), '89504e470d0a1a0a');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(named));
    chunks.push({ type: named.subarray(0, 4).toString('latin1'), data: named.subarray(4) });
    at += 12 + length;
  }
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ['IHDR', 'IDAT', 'IEND'],
  );
  const [header, data] = chunks;
  assert.ok(header && data);
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  const bytes = inflateSync(data.data);
  assert.equal(bytes.length, height * (1 + width * 3));
  const hottest = heatRgb(1);
  const cells = Array.from({ length: width * height }, (_, index) => {
    const at = Math.floor(index / width) * (1 + width * 3) + 1 + (index % width) * 3;
    return [...bytes.subarray(at, at + 3)].join();
  });
  assert.equal(cells.filter((color) => color === hottest.join()).length, 2 * 8 * 16);
});

test('what is painted beyond a picture is left out', () => {
  const picture = new Picture(3, 2, [0, 0, 0]);
  picture.fill(-1, 1, 2, 9, [9, 8, 7]);
  assert.deepEqual(picture.pixel(0, 1), [9, 8, 7]);
  assert.deepEqual(picture.pixel(1, 1), [0, 0, 0]);
  assert.deepEqual(picture.pixel(0, 0), [0, 0, 0]);
});

test('one hit is seen, and nothing is cold', () => {
  assert.equal(heatOf(0n, 1_000_000n), 0);
  assert.ok(heatOf(1n, 1_000_000n) > 0.05);
  assert.equal(heatOf(1_000_000n, 1_000_000n), 1);
  assert.equal(heatOf(1n, 1n), 1);
});
