/** Attach points by their text alone: what is wrong with it, without a machine. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { deprecatedName, notSupportedYet } from '../diagnostics/messages/names.ts';
import { badAttachPoint, unknownProvider } from '../diagnostics/messages/probes.ts';
import { parseAttachPoint } from '../probes/parse-attach-point.ts';
import type { AttachPointContext, AttachPointResult } from '../probes/parse-attach-point.ts';
import type { AttachPoint } from '../syntax/ast.ts';

export type ReadAttachPoint = Extract<AttachPointResult, { kind: 'parsed' }>;

/** Reports what is wrong; undefined then, and where nothing is written. */
export function readAttachPoint(
  written: AttachPoint,
  context: AttachPointContext,
  warned: Set<string>,
  diagnostics: Diagnostics,
): ReadAttachPoint | undefined {
  const result = parseAttachPoint(written, context);
  switch (result.kind) {
    case 'empty':
      return undefined;
    case 'bad':
      if (written.optional !== true) diagnostics.add(badAttachPoint(written.span, result.message));
      return undefined;
    case 'unknown-provider':
      diagnostics.add(unknownProvider(written.span, result.provider, result.near));
      return undefined;
    case 'unsupported':
      diagnostics.add(notSupportedYet(written.span, result.what));
      return undefined;
    case 'parsed': {
      const { deprecated, probeKind } = result;
      if (deprecated !== undefined && !warned.has(deprecated)) {
        warned.add(deprecated);
        diagnostics.add(deprecatedName(written.span, deprecated, probeKind.name));
      }
      return result;
    }
  }
}
