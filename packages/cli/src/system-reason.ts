/** What the C library says of an error of the file system. */
export function reasonOf(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
      return 'No such file or directory';
    case 'EACCES':
      return 'Permission denied';
    case 'EISDIR':
      return 'Is a directory';
    case 'ENXIO':
      return 'No such device or address';
    case 'ELOOP':
      return 'Too many levels of symbolic links';
    case 'ENAMETOOLONG':
      return 'File name too long';
    case 'ENOTDIR':
      return 'Not a directory';
    default:
      return code ?? 'unknown error';
  }
}
