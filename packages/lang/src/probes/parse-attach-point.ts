/** The text of an attach point into its parsed form, by the rules of its provider. */
import { suggest } from '../diagnostics/suggest.ts';
import type { AttachPoint } from '../syntax/ast.ts';
import type { ParsedAttachPoint } from './attach-point.ts';
import { isRefusal } from './probe-kind.ts';
import type { ProbeKind } from './probe-kind.ts';
import { findProbeKind, providerNames } from './registry.ts';
import { splitAttachPoint } from './split-attach-point.ts';

export type AttachPointResult =
  | {
      readonly kind: 'parsed';
      readonly point: ParsedAttachPoint;
      readonly probeKind: ProbeKind;
      /** Where `Target.probes` has its expansion. */
      readonly key: string;
      /** The older name of the provider that was written, if it was one. */
      readonly deprecated?: string;
    }
  /** Nothing at all, as after a trailing comma. */
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'unknown-provider';
      readonly provider: string;
      readonly near: string | undefined;
    }
  | { readonly kind: 'unsupported'; readonly what: string }
  | { readonly kind: 'bad'; readonly message: string };

export interface AttachPointContext {
  /** `$1`, `$2` … */
  readonly parameters: readonly string[];
  /** `-p` or `-c` is given. */
  readonly hasPid: boolean;
  /** `--unsafe` */
  readonly unsafe: boolean;
}

export function parseAttachPoint(
  written: AttachPoint,
  { parameters, hasPid, unsafe }: AttachPointContext,
): AttachPointResult {
  const split = splitAttachPoint(written.text, parameters);
  if (isRefusal(split)) return { kind: 'bad', message: split.refusal };
  const [provider = '', ...parts] = split.parts;
  if (provider === '' && parts.length === 0) return { kind: 'empty' };
  if (provider.includes('*')) {
    return { kind: 'bad', message: `No probe type matched for ${provider}` };
  }
  const found = findProbeKind(provider);
  switch (found.kind) {
    case 'unknown':
      return { kind: 'unknown-provider', provider, near: suggest(provider, providerNames()) };
    case 'known': {
      const { probeKind } = found;
      const point = probeKind.parse(parts, { provider: probeKind.name, hasPid, unsafe });
      if (isRefusal(point)) return refused(point.refusal);
      const deprecated = found.deprecated ? { deprecated: provider } : {};
      return { kind: 'parsed', point, probeKind, key: split.key, ...deprecated };
    }
  }
}

const NOT_SUPPORTED = ' is not supported yet';

function refused(message: string): AttachPointResult {
  return message.endsWith(NOT_SUPPORTED)
    ? { kind: 'unsupported', what: message.slice(0, -NOT_SUPPORTED.length) }
    : { kind: 'bad', message };
}
