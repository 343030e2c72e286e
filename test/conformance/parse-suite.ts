/** Reads a runtime suite: blocks of directives, one a case, with empty lines between them. */
import type { ConformanceCase } from './conformance-case.ts';
import { DIRECTIVES, type CaseDraft } from './directives.ts';

/** The suite does not say what its author meant. */
export class SuiteError extends Error {}

const DEFAULT_TIMEOUT_SECONDS = 5;

function emptyCase(suite: string): CaseDraft {
  return {
    suite,
    name: '',
    command: { kind: 'shell', line: '' },
    expectations: [],
    timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
    befores: [],
    after: undefined,
    setup: undefined,
    cleanup: undefined,
    minKernel: undefined,
    maxKernel: undefined,
    requirements: [],
    features: [],
    environment: {},
    architectures: [],
    willFail: false,
    returnCode: 0,
    newPidNamespace: false,
    skippedIfEnvironmentHas: undefined,
    timestampSeconds: undefined,
  };
}

/** A line that is indented past the name of the directive before it belongs to that directive. */
function continuation(line: string, directive: string): string | undefined {
  const indent = directive.length + 1;
  return directive !== '' && /^\s+$/.test(line.slice(0, indent)) ? line.slice(indent) : undefined;
}

function check(draft: CaseDraft, seen: ReadonlySet<string>): void {
  const fault = (text: string): never => {
    throw new SuiteError(`${draft.suite}: case '${draft.name}' ${text}`);
  };
  if (draft.name === '') fault('has no NAME');
  if (seen.has('RUN') === seen.has('PROG')) fault('needs one of RUN and PROG');
  const exact = draft.expectations.some(({ kind }) => kind === 'file' || kind === 'json');
  if (draft.expectations.length === 0 && !seen.has('RETURN_CODE')) fault('expects nothing');
  if (exact && draft.expectations.length > 1) fault('expects a file and more');
  if (draft.willFail && draft.returnCode !== 0) fault('has both WILL_FAIL and RETURN_CODE');
  if (draft.newPidNamespace && draft.befores.length === 0) fault('needs BEFORE for NEW_PIDNS');
}

function parseBlock(lines: readonly string[], suite: string): ConformanceCase {
  const draft = emptyCase(suite);
  const seen = new Set<string>();
  let previous = '';
  for (const line of lines) {
    const continued = continuation(line, previous);
    const owner = DIRECTIVES[previous];
    if (continued !== undefined && owner?.extend !== undefined) {
      owner.extend(draft, continued);
      continue;
    }
    const [, name = '', argument = ''] = /^(\S+)\s*([^]*)$/.exec(line.trim()) ?? [];
    const directive = DIRECTIVES[name];
    if (directive === undefined) throw new SuiteError(`${suite}: no directive is called '${name}'`);
    directive.apply(draft, argument);
    seen.add(name);
    previous = name;
  }
  check(draft, seen);
  return draft;
}

/** @throws SuiteError */
export function parseSuite(text: string, suite: string): readonly ConformanceCase[] {
  const blocks: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    if (line === '') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((block) => block.length > 0).map((block) => parseBlock(block, suite));
}
