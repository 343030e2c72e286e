/** What the options of a command line have said so far. */
import type { LocalOptions } from '@bpfleet/agent/local';

export type OptionDraft = {
  -readonly [Name in keyof Omit<LocalOptions, 'source'>]: LocalOptions[Name];
} & {
  /** The text of `-e`. */
  script?: string;
  listing: boolean;
  /** `--fmt`. */
  formatting: boolean;
  /** `--aot`: write an executable here instead of running. */
  executablePath?: string;
  /** What to do at once, whatever follows. */
  immediate?: 'help' | 'version' | 'info';
};

export function emptyDraft(): OptionDraft {
  return {
    listing: false,
    formatting: false,
    info: false,
    format: 'text',
    bufferMode: 'line',
    quiet: false,
    verbose: false,
    debugStages: [],
    unsafe: false,
    dryRun: false,
    warnings: 1,
    parameters: [],
    namedParameters: [],
    includeDirectories: [],
    includeFiles: [],
    debugDirectories: [],
    unwoundPids: [],
    disabledFeatures: [],
    usdtFileActivation: false,
  };
}
