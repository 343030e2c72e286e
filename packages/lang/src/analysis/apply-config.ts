/** The settings in force: the defaults, then the script's config block, then `BPFTRACE_…` variables. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  badConfigValue,
  ineffectiveConfigKey,
  renamedConfigKey,
  unknownConfigKey,
} from '../diagnostics/messages/config.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Span } from '../source.ts';
import type { ConfigBlock } from '../syntax/ast.ts';
import { CONFIG_KEYS, INEFFECTIVE_KEYS, RENAMED_KEYS } from './config-keys.ts';
import { DEFAULT_CONFIG } from './config.ts';
import type { Config } from './config.ts';

const PREFIX = 'BPFTRACE_';

export function applyConfig(
  block: ConfigBlock | undefined,
  environment: Readonly<Record<string, string>>,
  diagnostics: Diagnostics,
): Config {
  let config = DEFAULT_CONFIG;
  for (const { key, keySpan, value, valueSpan } of block?.entries ?? []) {
    config = { ...config, ...readKey(key, String(value), keySpan, valueSpan, diagnostics) };
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX)) continue;
    if (!isKnown(name.slice(PREFIX.length).toLowerCase())) continue;
    config = { ...config, ...readKey(name, value, undefined, undefined, diagnostics) };
  }
  const clockMap = environment['BPFTRACE_DUMMY_TS_MAP'];
  return clockMap === undefined ? config : { ...config, clockMap };
}

/** Other programs have variables of this prefix too. */
function isKnown(name: string): boolean {
  return CONFIG_KEYS.some((key) => key.name === name) || RENAMED_KEYS.has(name);
}

function readKey(
  written: string,
  value: string,
  keySpan: Span | undefined,
  valueSpan: Span | undefined,
  diagnostics: Diagnostics,
): Partial<Config> {
  const name = written.toLowerCase().replace(/^bpftrace_/, '');
  const key = CONFIG_KEYS.find((candidate) => candidate.name === name);
  if (key !== undefined) {
    const result = key.read(value);
    if (!('fault' in result)) return result;
    diagnostics.add(badConfigValue(valueSpan, written, result.fault));
    return {};
  }
  const now = RENAMED_KEYS.get(name);
  if (now !== undefined) diagnostics.add(renamedConfigKey(keySpan, written, now));
  else if (INEFFECTIVE_KEYS.has(name)) diagnostics.add(ineffectiveConfigKey(keySpan, written));
  else {
    const near = suggest(
      name,
      CONFIG_KEYS.map((candidate) => candidate.name),
    );
    diagnostics.add(unknownConfigKey(keySpan, written, near));
  }
  return {};
}
