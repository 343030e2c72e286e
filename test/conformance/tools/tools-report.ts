/** What became of each tool, and the section of docs/compatibility.md that says so. */
import { readFileSync, writeFileSync } from 'node:fs';
import { between, inCode, series } from '../compatibility.ts';
import type { Verdict } from './run-tool.ts';

export type ReportedTool = { readonly tool: string } & Verdict;

export interface ToolsReport {
  /** The release of the kernel that they ran on. */
  readonly kernel: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly tools: readonly ReportedTool[];
}

const MARKS = {
  begin: '<!-- begin of npm run conformance:tools -->',
  end: '<!-- end of npm run conformance:tools -->',
};

export function toolsReportOf(kernel: string, tools: readonly ReportedTool[]): ToolsReport {
  const count = (kind: Verdict['kind']): number => tools.filter((one) => one.kind === kind).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  return { kernel, passed, failed, skipped, tools };
}

/**
 * @param reports as JSON: of this machine, then of VMs
 * @throws when the page has no place for it
 */
export function writeToolsSection(page: string, reports: readonly string[]): void {
  const text = readFileSync(page, 'utf8');
  const section = toolsText(reports.map((report) => JSON.parse(report) as ToolsReport));
  writeFileSync(page, between(text, section, MARKS));
}

/** How many pass where, and each tool that does not pass everywhere. */
export function toolsText(reports: readonly ToolsReport[]): string {
  const names = [...new Set(reports.flatMap(({ tools }) => tools.map(({ tool }) => tool)))];
  const everywhere = names.filter((name) => passing(name, reports).length === reports.length);
  const nowhere = names.filter((name) => passing(name, reports).length === 0);
  const sums = reports.map(
    (report) =>
      `- Linux ${report.kernel}: ${report.passed} tools print what they should, ${report.failed} fail, ${report.skipped} are skipped.\n`,
  );
  const rest = names.filter((name) => !everywhere.includes(name) && !nowhere.includes(name));
  return [
    `Of ${names.length} tools ${names.length - nowhere.length} print what they should on one of these kernels at least:\n`,
    sums.join(''),
    `On all of them: ${listed(everywhere)}\n`,
    `On some of them:\n`,
    rest.map((name) => row(name, reports)).join(''),
    ...(nowhere.length === 0
      ? []
      : ['On none of them:\n', nowhere.map((name) => row(name, reports)).join('')]),
  ].join('\n');
}

function passing(name: string, reports: readonly ToolsReport[]): readonly ToolsReport[] {
  return reports.filter(({ tools }) =>
    tools.some(({ tool, kind }) => tool === name && kind === 'passed'),
  );
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none.' : `${names.map(inCode).join(', ')}.`;
}

/** Where it passes, and why not elsewhere. */
function row(name: string, reports: readonly ToolsReport[]): string {
  const places = reports.flatMap((report) => {
    const one = report.tools.find(({ tool }) => tool === name);
    if (one === undefined) return [];
    return one.kind === 'passed'
      ? `prints on ${series(report)}`
      : `${one.kind} on ${series(report)} (${inCode(one.reason)})`;
  });
  return `- ${inCode(name)}: ${places.join('; ')}\n`;
}
