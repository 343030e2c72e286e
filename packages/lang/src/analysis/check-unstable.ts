/** Features that may still change are refused, or warned of once, unless the program says that it knows. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  unstableImport,
  unstableRefused,
  unstableWarning,
} from '../diagnostics/messages/config.ts';
import { isStandard } from '../stdlib/standard-macros.ts';
import type { AnyNode, Program } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import type { Config } from './config.ts';

type Feature = keyof Config['unstable'];

const FEATURES: Readonly<Record<Feature, { readonly name: string; readonly key: string }>> = {
  importStatement: { name: 'import statements', key: 'unstable_import_statement' },
  tseries: { name: 'tseries', key: 'unstable_tseries' },
  typeinfo: { name: 'typeinfo', key: 'unstable_typeinfo' },
  dwUstack: { name: 'dw_ustack (DWARF stack unwinding)', key: 'unstable_dw_ustack' },
};

/** The standard library may use what it likes. */
export function checkUnstable(program: Program, config: Config, diagnostics: Diagnostics): void {
  const warned = new Set<Feature>();
  walk(program, {
    enter: (node) => {
      const feature = featureOf(node);
      if (feature === undefined || isStandard(node.span.source)) return;
      const { name, key } = FEATURES[feature];
      if (config.unstable[feature] === 'error') {
        const refused = feature === 'importStatement' ? unstableImport : unstableRefused;
        diagnostics.add(refused(node.span, name, key));
      } else if (config.unstable[feature] === 'warn' && !warned.has(feature)) {
        warned.add(feature);
        diagnostics.add(unstableWarning(name, key));
      }
    },
  });
}

function featureOf(node: AnyNode): Feature | undefined {
  switch (node.kind) {
    case 'statement-import':
      return 'importStatement';
    case 'typeinfo':
      return 'typeinfo';
    case 'call':
      if (node.callee === 'tseries') return 'tseries';
      return node.callee === 'dw_ustack' ? 'dwUstack' : undefined;
    default:
      return undefined;
  }
}
