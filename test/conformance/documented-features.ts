/** The index of what bpftrace documents, and which of our own cases have it; `documented-features` beside this says how it is read. */
import { caseTitle, type ConformanceCase } from './conformance-case.ts';

export interface DocumentedFeature {
  readonly section: string;
  readonly name: string;
  /** The title of a case, or what stands in the program of one. */
  readonly shown: { readonly kind: 'case' | 'text'; readonly text: string };
}

/** Names end where two spaces or more begin. */
export function parseFeatures(text: string): readonly DocumentedFeature[] {
  const features: DocumentedFeature[] = [];
  let section = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    else if (line !== '' && !line.startsWith('# ') && line !== '#') {
      const [name = '', shown = ''] = line.split(/ {2,}/);
      features.push({ section, name, shown: evidence(shown === '' ? name : shown) });
    }
  }
  return features;
}

function evidence(text: string): DocumentedFeature['shown'] {
  return text.startsWith('case ')
    ? { kind: 'case', text: text.slice('case '.length) }
    : { kind: 'text', text };
}

/** The cases that have a feature. One that must fail shows nothing, unless it is named. */
export function casesOf(
  { shown }: DocumentedFeature,
  cases: readonly ConformanceCase[],
): readonly ConformanceCase[] {
  if (shown.kind === 'case') return cases.filter((each) => caseTitle(each) === shown.text);
  const pattern = asWords(shown.text);
  return cases.filter(({ willFail, command }) => {
    return !willFail && pattern.test(command.kind === 'shell' ? command.line : command.text);
  });
}

/** Where the text begins or ends with a letter, no other may stand beside it. */
function asWords(text: string): RegExp {
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const start = /^\w/.test(text)
    ? String.raw`(?<![\w$@-])`
    : text.startsWith('-')
      ? '(?<![-])'
      : '';
  const end = /\w$/.test(text) ? String.raw`(?!\w)` : '';
  return new RegExp(`${start}${escaped}${end}`);
}
