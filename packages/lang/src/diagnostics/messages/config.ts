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
  return error('unknown-config-key', span, `Unrecognized config variable: ${key}`, [
    didYouMean(near),
  ]);
}

export function renamedConfigKey(span: Span | undefined, key: string, now: string): Diagnostic {
  return error('renamed-config-key', span, `${key}: key has been renamed to '${now}'`, [
    `Use ${now} instead.`,
  ]);
}

export function ineffectiveConfigKey(span: Span | undefined, key: string): Diagnostic {
  return warning('ineffective-config-key', span, `${key} is deprecated and has no effect`);
}

export function badConfigValue(span: Span | undefined, key: string, why: string): Diagnostic {
  return error('bad-config-value', span, `${key}: ${why}`);
}

export function unstableFeature(feature: string, key: string): Diagnostic {
  return warning(
    'unstable-feature',
    undefined,
    `Script is using an unstable feature: ${feature}. To prevent this warning you must explicitly enable it in the config e.g. ${key}=enable`,
  );
}

export function unstableRefused(span: Span, feature: string, key: string): Diagnostic {
  return error(
    'unstable-feature',
    span,
    `${feature} feature is not enabled by default. To enable this unstable feature, set the config flag to enable. ${key}=enable`,
  );
}
