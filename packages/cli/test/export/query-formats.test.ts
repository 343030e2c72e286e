/** Golden texts of a result in each format, with what is hostile in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUERY_FORMATS, renderQuery, type QueryFormat } from '../../src/export/query-formats.ts';

const RESULT = {
  columns: [
    { name: 'host', type: 'String' },
    { name: 'n', type: 'UInt64' },
    { name: 'keys', type: 'Array(String)' },
  ],
  rows: [
    ['web-1', '18446744073709551615', ['a']],
    ['=cmd|" /C calc"!A0', '-5', []],
    ['two\nlines|\ttab', null, ['\\']],
  ],
};

const GOLDEN: Readonly<Record<QueryFormat, string>> = {
  table:
    'host                n                     keys\n' +
    'web-1               18446744073709551615  ["a"]\n' +
    '=cmd|" /C calc"!A0  -5                    []\n' +
    'two\\nlines|\\ttab    NULL                  ["\\\\"]\n',
  json:
    '{"host":"web-1","n":"18446744073709551615","keys":["a"]}\n' +
    '{"host":"=cmd|\\" /C calc\\"!A0","n":"-5","keys":[]}\n' +
    '{"host":"two\\nlines|\\ttab","n":null,"keys":["\\\\"]}\n',
  'json-array': `${JSON.stringify(
    [
      { host: 'web-1', n: '18446744073709551615', keys: ['a'] },
      { host: '=cmd|" /C calc"!A0', n: '-5', keys: [] },
      { host: 'two\nlines|\ttab', n: null, keys: ['\\'] },
    ],
    undefined,
    2,
  )}\n`,
  csv:
    'host,n,keys\r\n' +
    'web-1,18446744073709551615,"[""a""]"\r\n' +
    '"\'=cmd|"" /C calc""!A0",-5,[]\r\n' +
    '"two\nlines|\ttab",,"[""\\\\""]"\r\n',
  tsv:
    'host\tn\tkeys\n' +
    'web-1\t18446744073709551615\t["a"]\n' +
    '=cmd|" /C calc"!A0\t-5\t[]\n' +
    'two\\nlines|\\ttab\t\\N\t["\\\\\\\\"]\n',
  markdown:
    '| host | n | keys |\n| --- | --- | --- |\n' +
    '| web-1 | 18446744073709551615 | ["a"] |\n' +
    '| =cmd\\|" /C calc"!A0 | -5 | [] |\n' +
    '| two\\\\nlines\\|\\\\ttab | NULL | ["\\\\\\\\"] |\n',
  vertical:
    'row 1\nhost  web-1\nn     18446744073709551615\nkeys  ["a"]\n\n' +
    'row 2\nhost  =cmd|" /C calc"!A0\nn     -5\nkeys  []\n\n' +
    'row 3\nhost  two\\nlines|\\ttab\nn     NULL\nkeys  ["\\\\"]\n',
};

for (const format of QUERY_FORMATS) {
  test(`a result as ${format}`, () => assert.equal(renderQuery(RESULT, format), GOLDEN[format]));
}

test('markup of markdown and of HTML stays text', () => {
  const columns = [{ name: 'x', type: 'String' }];
  const rows = [['<img src=x onerror=a()>&lt;'], ['[a](javascript:b)'], ['a\\|b`c`']];
  assert.equal(
    renderQuery({ columns, rows }, 'markdown'),
    '| x |\n| --- |\n| &lt;img src=x onerror=a()>&amp;lt; |\n| [a]\\(javascript:b) |\n| a\\\\\\|b\\`c\\` |\n',
  );
});

test('what would act on a terminal is the same JSON, written otherwise', () => {
  const rows = [['\u009b2J\u202e\u{e0041}']];
  const json = renderQuery({ columns: [{ name: 'x', type: 'String' }], rows }, 'json');
  assert.equal(json, '{"x":"\\u009b2J\\u202e\\udb40\\udc41"}\n');
  assert.deepEqual(JSON.parse(json), { x: rows[0]?.[0] });
});

test('a result without rows has its header', () => {
  const nothing = { columns: RESULT.columns, rows: [] };
  assert.equal(renderQuery(nothing, 'csv'), 'host,n,keys\r\n');
  assert.equal(renderQuery(nothing, 'json'), '');
  assert.equal(renderQuery(nothing, 'json-array'), '[]\n');
});
