/** The cases of the suite that do not pass, by reason, as a section of docs/compatibility.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { KNOWN_DIFFERENCES } from './known-differences.ts';

export interface Report {
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

const BEGIN = '<!-- begin of npm run conformance -->';
const END = '<!-- end of npm run conformance -->';

/** What a test program's reason starts with is the same for all cases; the rest is of one case. */
const REASON_LENGTH = 100;

/** @throws when the page has no place for it */
export function writeCompatibility(page: string, report: string): void {
  const text = readFileSync(page, 'utf8');
  const section = compatibilityText(JSON.parse(report) as Report);
  writeFileSync(page, between(text, section));
}

/** The page with the section between its marks, whatever was there. */
export function between(page: string, section: string): string {
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`no lines '${BEGIN}' and '${END}' in the page`);
  return `${page.slice(0, start + BEGIN.length)}\n\n${section}\n${page.slice(end)}`;
}

export function compatibilityText({ passed, failed, skipped, cases }: Report): string {
  const sum = `${passed} cases pass, ${failed} fail, ${skipped} are skipped.\n`;
  return [
    sum,
    ...list('Failed', cases, (one) => (one.kind === 'failed' ? failure(one) : undefined)),
    ...list('Skipped', cases, (one) => (one.kind === 'skipped' ? one.reason : undefined)),
  ].join('\n');
}

/** Where the difference is meant, why; else, where no output was expected, what went wrong is in what the tracer says. */
function failure(one: ReportedCase & { readonly kind: 'failed' }): string {
  const { reasons, output } = one;
  const known = KNOWN_DIFFERENCES[`${one.suite}.${one.name}`];
  if (known !== undefined) return known;
  const [reason = ''] = reasons;
  const said = reason.startsWith('exit code') ? /^.*ERROR: .*$/m.exec(output)?.[0] : undefined;
  return said ?? reason;
}

function list(
  title: string,
  cases: readonly ReportedCase[],
  reasonOf: (one: ReportedCase) => string | undefined,
): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const one of cases) {
    const reason = reasonOf(one);
    if (reason === undefined) continue;
    const isSaid = Object.values(KNOWN_DIFFERENCES).includes(reason);
    const key = isSaid ? reason : inCode(reason);
    groups.set(key, [...(groups.get(key) ?? []), `${one.suite}.${one.name}`]);
  }
  const rows = [...groups].map(
    ([reason, names]) => `- ${reason}: ${names.map(inCode).join(', ')}\n`,
  );
  return rows.length === 0 ? [] : [`### ${title}\n`, rows.join('')];
}

/** Its first line, in a form in which Markdown leaves it alone. */
function inCode(text: string): string {
  const line = (text.split('\n')[0] ?? '').trim().replaceAll('`', "'");
  return `\`${line.length > REASON_LENGTH ? `${line.slice(0, REASON_LENGTH)}…` : line}\``;
}
