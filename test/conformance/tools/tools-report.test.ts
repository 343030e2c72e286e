/** The section of docs/compatibility.md that the tools write. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skippedTools, toolsReportOf, toolsText } from './tools-report.ts';

const old = 'there is no such function since Linux 6.4';
const reports = [
  toolsReportOf('6.18.1-own', [
    { tool: 'here.bt', kind: 'passed' },
    { tool: 'new.bt', kind: 'skipped', reason: 'no kprobes' },
    { tool: 'old/gone.bt', kind: 'skipped', reason: old },
  ]),
  toolsReportOf('6.12.3-amd64', [
    { tool: 'new.bt', kind: 'passed' },
    { tool: 'old/gone.bt', kind: 'skipped', reason: old },
  ]),
  toolsReportOf('6.1.0-1-amd64', [
    { tool: 'new.bt', kind: 'failed', reason: 'exit code 1\nmore' },
    { tool: 'old/gone.bt', kind: 'skipped', reason: old },
  ]),
];

test('tools stand where they print, and with the reason where they do not', () => {
  assert.deepEqual(toolsText(reports).split('\n'), [
    'Of 3 tools 2 print what they should on one of these kernels at least:',
    '',
    '- Linux 6.18: of 3 that were run 1 print what they should, 0 fail, 2 are skipped.',
    '- Linux 6.12: of 2 that were run 1 print what they should, 0 fail, 1 are skipped.',
    '- Linux 6.1: of 2 that were run 0 print what they should, 1 fail, 1 are skipped.',
    '',
    'On the first of them: `here.bt`.',
    '',
    'On others:',
    '',
    '- `new.bt`: skipped on 6.18 (`no kprobes`); prints on 6.12; failed on 6.1 (`exit code 1`)',
    '',
    'On none:',
    '',
    `- \`old/gone.bt\`: skipped on 6.18 (\`${old}\`); skipped on 6.12 (\`${old}\`); skipped on 6.1 (\`${old}\`)`,
    '',
  ]);
});

test('what was skipped here is what VMs run', () => {
  assert.deepEqual(skippedTools(JSON.stringify(reports[0])), ['new.bt', 'old/gone.bt']);
});
