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

/** That a tool has a reason of its own is rare. */
const REASON_LENGTH = 300;

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

/** The names of the tools that a report's kernel could not run. */
export function skippedTools(report: string): readonly string[] {
  const { tools } = JSON.parse(report) as ToolsReport;
  return tools.filter(({ kind }) => kind === 'skipped').map(({ tool }) => tool);
}

/** How many pass where, and of each tool that does not pass in the first report, what became of it in all. */
export function toolsText(reports: readonly ToolsReport[]): string {
  const names = [...new Set(reports.flatMap(({ tools }) => tools.map(({ tool }) => tool)))];
  const places = new Map(names.map((name) => [name, passing(name, reports)]));
  const nowhere = names.filter((name) => places.get(name)?.length === 0);
  const here = names.filter((name) => places.get(name)?.some((report) => report === reports[0]));
  const rest = names.filter((name) => !here.includes(name) && !nowhere.includes(name));
  const sums = reports.map((report) => {
    const { passed, failed, skipped, tools } = report;
    const counts = `${passed} print what they should, ${failed} fail, ${skipped} are skipped`;
    return `- Linux ${series(report)}: of ${tools.length} that were run ${counts}.\n`;
  });
  const rows = (some: readonly string[]): string => some.map((one) => row(one, reports)).join('');
  return [
    `Of ${names.length} tools ${names.length - nowhere.length} print what they should on one of these kernels at least:\n`,
    sums.join(''),
    `On the first of them: ${here.map((one) => inCode(one)).join(', ')}.\n`,
    ...(rest.length === 0 ? [] : ['On others:\n', rows(rest)]),
    ...(nowhere.length === 0 ? [] : ['On none:\n', rows(nowhere)]),
  ].join('\n');
}

function passing(name: string, reports: readonly ToolsReport[]): readonly ToolsReport[] {
  return reports.filter(({ tools }) =>
    tools.some(({ tool, kind }) => tool === name && kind === 'passed'),
  );
}

/** Where it passes, and why not elsewhere. */
function row(name: string, reports: readonly ToolsReport[]): string {
  const places = reports.flatMap((report) => {
    const one = report.tools.find(({ tool }) => tool === name);
    if (one === undefined) return [];
    return one.kind === 'passed'
      ? `prints on ${series(report)}`
      : `${one.kind} on ${series(report)} (${inCode(one.reason, REASON_LENGTH)})`;
  });
  return `- ${inCode(name)}: ${places.join('; ')}\n`;
}
