/** Files that cannot be imported. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error, warning } from './message.ts';

export function importNotFound(
  span: Span,
  checked: readonly string[],
  near: string | undefined,
): Diagnostic {
  return error('import-not-found', span, 'Unable to find suitable path for import', [
    checked.length === 0 ? undefined : `checked: ${checked.join(',')}`,
    near === undefined ? undefined : `similar to builtins: ${near}`,
  ]);
}

export function importSkipped(span: Span, path: string): Diagnostic {
  return warning('import-skipped', span, `skipping due to global write permissions: "${path}"`);
}

export function importRefused(span: Span, path: string): Diagnostic {
  return error(
    'import-refused',
    span,
    `cowardly refusing to import from a directory with global write permissions: "${path}"`,
  );
}

export function importUnreadable(span: Span, path: string, reason: string): Diagnostic {
  return error('import-unreadable', span, `error reading import '"${path}"': ${reason}`);
}

export function importTooDeep(span: Span, limit: number): Diagnostic {
  return error('import-too-deep', span, `imports of imports, more than ${limit} deep`, [
    'Import the scripts beside each other, from one of them.',
  ]);
}

export function unknownImportType(span: Span, name: string): Diagnostic {
  return error('unknown-import-type', span, `unknown import type: "${name}"`);
}

export function compiledImport(span: Span, name: string): Diagnostic {
  return error(
    'compiled-import',
    span,
    `"${name}" can not be imported: bpfleet compiles bpftrace programs only, no BPF code of other compilers`,
    ['Write what it does as a macro or a function (fn).'],
  );
}

export function configInImport(span: Span): Diagnostic {
  return error('config-in-import', span, 'invalid `config` within import');
}

export function scriptInBlock(span: Span): Diagnostic {
  return error(
    'script-in-block',
    span,
    'Import statements that are not at the root are limited to specific object (.o), header (.h), or C source (.c or bpf.c) files',
  );
}
