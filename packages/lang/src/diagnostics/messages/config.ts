/** What can be wrong with config keys and `BPFTRACE_…` variables. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { didYouMean, error, warning } from './message.ts';

/** Without a span where the key came from the environment. */
export function unknownConfigKey(
  span: Span | undefined,
  key: string,
  near: string | undefined,
): Diagnostic {
  return error('unknown-config-key', span, `${key}: not a known configuration option`, [
    didYouMean(near),
  ]);
}

export function environmentOnly(span: Span | undefined, key: string): Diagnostic {
  return error('environment-only', span, `${key}: can only be set as an environment variable`);
}

export function renamedConfigKey(span: Span | undefined, key: string, now: string): Diagnostic {
  return warning('renamed-config-key', span, `${key} has been renamed, please use ${now}`);
}

export function ineffectiveConfigKey(span: Span | undefined, key: string): Diagnostic {
  return warning('ineffective-config-key', span, `${key} is deprecated and has no effect`);
}

export function badConfigValue(span: Span | undefined, why: string): Diagnostic {
  return error('bad-config-value', span, why);
}

export function unstableRefused(span: Span, feature: string, key: string): Diagnostic {
  return error(
    'unstable-feature',
    span,
    `${feature} feature is not enabled by default. To enable this unstable feature, set the config flag to enable. ${key}=enable`,
  );
}

export function unstableImport(span: Span): Diagnostic {
  return error(
    'unstable-feature',
    span,
    'Import statements that are not at the top level are primarily for the standard library. If this is functionality you need, please file an issue to explain why.',
  );
}

export function unstableWarning(feature: string, key: string): Diagnostic {
  return warning(
    'unstable-feature',
    undefined,
    `Script is using an unstable feature: ${feature}. To prevent this warning you must explicitly enable it in the config e.g. ${key}=enable`,
  );
}
