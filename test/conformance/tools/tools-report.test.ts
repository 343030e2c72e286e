/** The section of docs/compatibility.md that the tools write. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolsReportOf, toolsText } from './tools-report.ts';

test('tools stand where they print, and with the reason where they do not', () => {
  const old = 'there is no such function since Linux 6.4';
  const text = toolsText([
    toolsReportOf('6.12.3-amd64', [
      { tool: 'everywhere.bt', kind: 'passed' },
      { tool: 'new.bt', kind: 'passed' },
      { tool: 'old/gone.bt', kind: 'skipped', reason: old },
    ]),
    toolsReportOf('6.1.0-1-amd64', [
      { tool: 'everywhere.bt', kind: 'passed' },
      { tool: 'new.bt', kind: 'failed', reason: 'exit code 1\nmore' },
      { tool: 'old/gone.bt', kind: 'skipped', reason: old },
    ]),
  ]);
  assert.deepEqual(text.split('\n'), [
    'Of 3 tools 2 print what they should on one of these kernels at least:',
    '',
    '- Linux 6.12.3-amd64: 2 tools print what they should, 0 fail, 1 are skipped.',
    '- Linux 6.1.0-1-amd64: 1 tools print what they should, 1 fail, 1 are skipped.',
    '',
    'On all of them: `everywhere.bt`.',
    '',
    'On some of them:',
    '',
    '- `new.bt`: prints on 6.12; failed on 6.1 (`exit code 1`)',
    '',
    'On none of them:',
    '',
    `- \`old/gone.bt\`: skipped on 6.12 (\`${old}\`); skipped on 6.1 (\`${old}\`)`,
    '',
  ]);
});
