/** What a file is to an import, by its name. */

export type FileKind = 'script' | 'header' | 'c-source' | 'object' | 'unknown';

export function fileKind(path: string): FileKind {
  if (path.endsWith('.bt')) return 'script';
  if (path.endsWith('.h')) return 'header';
  if (path.endsWith('.bpf.c')) return 'c-source';
  return path.endsWith('.bpf.o') ? 'object' : 'unknown';
}
