/** The settings in force: the defaults, then the script's config block, then `BPFTRACE_…` variables. */
import type { Diagnostic, Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  badConfigValue,
  environmentOnly,
  ineffectiveConfigKey,
  renamedConfigKey,
  unknownConfigKey,
} from '../diagnostics/messages/config.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Span } from '../source.ts';
import type { ConfigBlock } from '../syntax/config-block.ts';
import { CONFIG_KEYS, ENVIRONMENT_KEYS, INEFFECTIVE_KEYS, RENAMED_KEYS } from './config-keys.ts';
import type { ConfigKey } from './config-keys.ts';
import { DEFAULT_CONFIG } from './config.ts';
import type { Config } from './config.ts';

const PREFIX = 'BPFTRACE_';

export function applyConfig(
  block: ConfigBlock | undefined,
  environment: Readonly<Record<string, string>>,
  diagnostics: Diagnostics,
): Config {
  let config = DEFAULT_CONFIG;
  for (const { key, value, span } of block?.entries ?? []) {
    config = { ...config, ...readKey(key, String(value), config, span, diagnostics) };
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX)) continue;
    if (findKey(nameOf(name)) === undefined) continue;
    config = { ...config, ...readKey(name, value, config, undefined, diagnostics) };
  }
  const clockMap = environment['BPFTRACE_DUMMY_TS_MAP'];
  return clockMap === undefined ? config : { ...config, clockMap };
}

function nameOf(written: string): string {
  return written.toLowerCase().replace(/^bpftrace_/, '');
}

function findKey(name: string): ConfigKey | undefined {
  return CONFIG_KEYS.find((key) => key.name === name);
}

function readKey(
  written: string,
  value: string,
  current: Config,
  span: Span | undefined,
  diagnostics: Diagnostics,
): Partial<Config> {
  if (INEFFECTIVE_KEYS.has(written)) {
    diagnostics.add(ineffectiveConfigKey(span, written));
    return {};
  }
  const name = nameOf(written);
  const now = RENAMED_KEYS.get(name);
  if (now !== undefined) diagnostics.add(renamedConfigKey(span, written, now));
  const key = findKey(now ?? name);
  if (key === undefined) {
    diagnostics.add(unknown(span, written, name));
    return {};
  }
  const result = key.read(value, current);
  if (!('fault' in result)) return result;
  const about = result.whole === true ? result.fault : `${now ?? written}: ${result.fault}`;
  diagnostics.add(badConfigValue(span, about));
  return {};
}

function unknown(span: Span | undefined, written: string, name: string): Diagnostic {
  if (ENVIRONMENT_KEYS.has(name)) return environmentOnly(span, written);
  const names = CONFIG_KEYS.map((candidate) => candidate.name);
  return unknownConfigKey(span, written, suggest(name, names));
}
