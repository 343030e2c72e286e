/** The directives of a case: each one's effect on the case that is being read. */
import type { ConformanceCase } from './conformance-case.ts';

export type CaseDraft = {
  -readonly [Field in keyof ConformanceCase]: ConformanceCase[Field] extends readonly (infer Item)[]
    ? Item[]
    : ConformanceCase[Field];
};

export interface Directive {
  apply(draft: CaseDraft, argument: string): void;
  /** Takes indented lines that follow it. */
  extend?(draft: CaseDraft, line: string): void;
}

function appendToExpectation(draft: CaseDraft, line: string): void {
  const last = draft.expectations.pop();
  if (last?.kind === 'text') draft.expectations.push({ ...last, text: `${last.text}\n${line}` });
  if (last?.kind === 'regex') {
    draft.expectations.push({ ...last, pattern: `${last.pattern}\n${line}` });
  }
}

function pair(text: string): { name: string; value: string } {
  const [name = '', ...value] = text.split('=');
  return { name, value: value.join('=') };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

export const DIRECTIVES: Readonly<Record<string, Directive>> = {
  NAME: {
    apply: (draft, name) => (draft.name = name),
  },
  RUN: {
    apply: (draft, line) => (draft.command = { kind: 'shell', line }),
  },
  PROG: {
    apply: (draft, text) => (draft.command = { kind: 'program', text }),
    extend: (draft, line) => {
      if (draft.command.kind !== 'program') return;
      draft.command = { kind: 'program', text: `${draft.command.text}\n${line}` };
    },
  },
  EXPECT: {
    apply: (draft, text) => draft.expectations.push({ kind: 'text', text, wanted: true }),
    extend: appendToExpectation,
  },
  EXPECT_NONE: {
    apply: (draft, text) => draft.expectations.push({ kind: 'text', text, wanted: false }),
  },
  EXPECT_REGEX: {
    apply: (draft, pattern) => draft.expectations.push({ kind: 'regex', pattern, wanted: true }),
    extend: appendToExpectation,
  },
  EXPECT_REGEX_NONE: {
    apply: (draft, pattern) => draft.expectations.push({ kind: 'regex', pattern, wanted: false }),
  },
  EXPECT_FILE: {
    apply: (draft, path) => draft.expectations.push({ kind: 'file', path }),
  },
  EXPECT_JSON: {
    apply: (draft, path) => draft.expectations.push({ kind: 'json', path }),
  },
  TIMEOUT: {
    apply: (draft, seconds) => (draft.timeoutSeconds = Number(seconds)),
  },
  BEFORE: {
    apply: (draft, command) => draft.befores.push(command),
  },
  AFTER: {
    apply: (draft, command) => (draft.after = command),
  },
  SETUP: {
    apply: (draft, command) => (draft.setup = command),
  },
  CLEANUP: {
    apply: (draft, command) => (draft.cleanup = command),
  },
  MIN_KERNEL: {
    apply: (draft, version) => (draft.minKernel = version),
  },
  MAX_KERNEL: {
    apply: (draft, version) => (draft.maxKernel = version),
  },
  REQUIRES: {
    apply: (draft, command) => draft.requirements.push(command),
  },
  REQUIRES_FEATURE: {
    apply: (draft, names) => {
      for (const name of words(names)) {
        const wanted = !name.startsWith('!');
        draft.features.push({ name: wanted ? name : name.slice(1), wanted });
      }
    },
  },
  ENV: {
    apply: (draft, pairs) => {
      const added = words(pairs).map(pair);
      draft.environment = {
        ...draft.environment,
        ...Object.fromEntries(added.map(({ name, value }) => [name, value])),
      };
    },
  },
  ARCH: {
    apply: (draft, names) => (draft.architectures = names.split('|').map((name) => name.trim())),
  },
  WILL_FAIL: {
    apply: (draft) => (draft.willFail = true),
  },
  RETURN_CODE: {
    apply: (draft, code) => (draft.returnCode = Number(code)),
  },
  NEW_PIDNS: {
    apply: (draft) => (draft.newPidNamespace = true),
  },
  SKIP_IF_ENV_HAS: {
    apply: (draft, text) => (draft.skippedIfEnvironmentHas = pair(text)),
  },
  LOCALIZE_TIMESTAMPS: {
    apply: (draft, seconds) => (draft.timestampSeconds = Number(seconds)),
  },
};
