/** `--fmt`: a program laid out anew, on standard output or in a file, which may be the one it came from. */
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { systemReason } from '@bpfleet/protocol';
import { UserError, type Terminal } from '../terminal.ts';

/** @returns the exit code; a program with faults is left alone */
export async function formatProgram(
  program: { readonly name: string; readonly text: string },
  outputPath: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const { format, renderDiagnostics, Source } = await import('@bpfleet/lang');
  const result = format(new Source(program.name, program.text));
  if (!result.ok) {
    terminal.err(renderDiagnostics(result.diagnostics, { color: terminal.color }));
    return 1;
  }
  if (outputPath === undefined) terminal.out(result.text);
  else writeFormatted(outputPath, result.text);
  return 0;
}

/** What is no regular file, such as a terminal or a pipe, is written to; a link stays a link. */
function writeFormatted(path: string, text: string): void {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) replaceFile(path, text);
    else if (status.isFile()) replaceFile(realpathSync(path), text);
    else writeFileSync(path, text);
  } catch (error) {
    throw new UserError(`failed to write file '${path}': ${systemReason(error)}`, { cause: error });
  }
}

/** Whoever reads the file meanwhile sees the old text or the new, and no part of either. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
