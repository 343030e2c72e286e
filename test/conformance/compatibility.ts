/** The cases of the suite that do not pass, by reason, as a section of docs/compatibility.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { KNOWN_DIFFERENCES } from './known-differences.ts';

export interface Report {
  /** The release of the kernel that they ran on. */
  readonly kernel: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cases: readonly ReportedCase[];
}

type ReportedCase = { readonly suite: string; readonly name: string } & (
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reasons: readonly string[]; readonly output: string }
);

interface Marks {
  readonly begin: string;
  readonly end: string;
}

const MARKS: Marks = {
  begin: '<!-- begin of npm run conformance -->',
  end: '<!-- end of npm run conformance -->',
};

/** What a test program's reason starts with is the same for all cases; the rest is of one case. */
const REASON_LENGTH = 100;

/**
 * @param reports as JSON: of this machine, then of VMs
 * @throws when the page has no place for it
 */
export function writeCompatibility(page: string, reports: readonly string[]): void {
  const text = readFileSync(page, 'utf8');
  const [own, ...vms] = reports.map((report) => JSON.parse(report) as Report);
  if (own === undefined) throw new Error('a page is written from one report at least');
  writeFileSync(page, between(text, compatibilityText(own, vms)));
}

/** The page with the section between its marks, whatever was there. */
export function between(page: string, section: string, marks = MARKS): string {
  const [start, end] = [page.indexOf(marks.begin), page.indexOf(marks.end)];
  if (start < 0 || end < start) {
    throw new Error(`no lines '${marks.begin}' and '${marks.end}' in the page`);
  }
  return `${page.slice(0, start + marks.begin.length)}\n\n${section}\n${page.slice(end)}`;
}

/** The titles of a report's cases that said nothing about the tracer. */
export function skippedIn(report: string): readonly string[] {
  return (JSON.parse(report) as Report).cases.filter(({ kind }) => kind === 'skipped').map(title);
}

/** @param vms runs of what says nothing on this machine, on other kernels */
export function compatibilityText(own: Report, vms: readonly Report[] = []): string {
  return [
    sumText(own),
    ...vms.map((report) => `In a VM: ${sumText(report)}`),
    ...(vms.length === 0 ? [] : [`${passedSomewhere(own, vms)}\n`]),
    ...list('Failed', own.cases, (one) => (one.kind === 'failed' ? failure(one) : undefined)),
    ...list('Skipped', own.cases, (one) =>
      one.kind === 'skipped' ? `${inCode(one.reason)}${fate(one, vms)}` : undefined,
    ),
    ...vms.flatMap((report) =>
      list(`Not passed on Linux ${series(report)}, in a VM`, report.cases, (one) => {
        if (one.kind === 'passed') return undefined;
        return one.kind === 'failed' ? `failed: ${failure(one)}` : inCode(one.reason);
      }),
    ),
  ].join('\n');
}

function sumText(report: Report): string {
  const { passed, failed, skipped } = report;
  return `Linux ${series(report)}: ${passed} cases pass, ${failed} fail, ${skipped} are skipped.\n`;
}

function passedSomewhere(own: Report, vms: readonly Report[]): string {
  const passed = own.cases.filter((one) => one.kind === 'passed' || passing(one, vms).length > 0);
  return `Of ${own.cases.length} cases ${passed.length} pass on one of these kernels at least.`;
}

function passing(one: ReportedCase, reports: readonly Report[]): readonly Report[] {
  return reports.filter(({ cases }) =>
    cases.some((other) => other.kind === 'passed' && title(other) === title(one)),
  );
}

/** What became of it in the VMs, where it ran. */
function fate(one: ReportedCase, vms: readonly Report[]): string {
  const places = passing(one, vms).map(series);
  if (places.length > 0) return `; pass in a VM, Linux ${places.join(' and ')}`;
  return vms.length === 0 ? '' : '; pass in no VM';
}

function title({ suite, name }: ReportedCase): string {
  return `${suite}.${name}`;
}

/** `6.12` of `6.12.117-amd64`. */
export function series({ kernel }: Pick<Report, 'kernel'>): string {
  return /^\d+\.\d+/.exec(kernel)?.[0] ?? kernel;
}

/** Where the difference is meant, why; else, where no output was expected, what went wrong is in what the tracer says. */
function failure(one: ReportedCase & { readonly kind: 'failed' }): string {
  const { reasons, output } = one;
  const known = KNOWN_DIFFERENCES[title(one)];
  if (known !== undefined) return known;
  const [reason = ''] = reasons;
  const said = reason.startsWith('exit code') ? /^.*ERROR: .*$/m.exec(output)?.[0] : undefined;
  return inCode(said ?? reason);
}

function list(
  heading: string,
  cases: readonly ReportedCase[],
  reasonOf: (one: ReportedCase) => string | undefined,
): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const one of cases) {
    const reason = reasonOf(one);
    if (reason !== undefined) groups.set(reason, [...(groups.get(reason) ?? []), title(one)]);
  }
  const rows = [...groups].map(
    ([reason, names]) => `- ${reason}: ${names.map((name) => inCode(name)).join(', ')}\n`,
  );
  return rows.length === 0 ? [] : [`### ${heading}\n`, rows.join('')];
}

/** Its first line, in a form in which Markdown leaves it alone. */
export function inCode(text: string, maxLength = REASON_LENGTH): string {
  const line = (text.split('\n')[0] ?? '').trim().replaceAll('`', "'");
  return `\`${line.length > maxLength ? `${line.slice(0, maxLength)}…` : line}\``;
}
