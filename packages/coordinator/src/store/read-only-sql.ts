/**
 * Which statements a user may send. ClickHouse's `readonly` refuses writes and settings; what it lets through, such as
 * INTO OUTFILE of the embedded engine, which writes a file of this machine, or `file('…')`, which reads one, is refused here.
 */

const ALLOWED_FIRST = new Set(['select', 'with', 'show', 'describe', 'desc', 'explain', 'exists']);
const FORBIDDEN = new Set(['outfile', 'infile']);

/** What reaches files, programs and other servers, as a function or to be described; lower case. */
const OUTSIDE =
  /^(?:file|filesystem|url|remote|remotesecure|cluster|clusterallreplicas|executable|input|python|sqlite|mysql|postgresql|mongodb|redis|odbc|jdbc|gcs|oss|cosn|ytsaurus|catboostevaluate|arrowflight|(?:s3|hdfs|azureblobstorage|iceberg|deltalake|hudi|paimon)\w*|(?:file|url)cluster)$/;
/** What comes between the name of a function and what it is given. */
const CALL = /^(?:\s|--[^\n]*\n|#[! ][^\n]*\n|\/\*(?:(?!\*\/)[\s\S])*\*\/)*\(/;

/** Strings, quoted names and comments; group 1 holds what is left of interest: a word or a semicolon. */
export const TOKENS: RegExp =
  /'(?:\\[\s\S]|''|[^'\\])*'|"(?:\\[\s\S]|""|[^"\\])*"|`(?:\\[\s\S]|``|[^`\\])*`|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|#[! ][^\n]*|\/\*[\s\S]*?\*\/|([A-Za-z_][A-Za-z0-9_]*|;|['"`]|\/\*)/g;

/** Why a statement is refused, or undefined. */
export function refusalOf(sql: string): string | undefined {
  const words: string[] = [];
  for (const match of sql.matchAll(TOKENS)) {
    if (match[2] !== undefined) words.push(match[2].toLowerCase());
    const called = calledName(match[0]);
    if (called !== undefined && CALL.test(sql.slice(match.index + match[0].length))) {
      return `${called}() cannot be used here: queries read the history, and nothing else`;
    }
  }
  while (words.at(-1) === ';') words.pop();
  const first = words[0];
  if (first === undefined) return 'the statement is empty';
  if (!ALLOWED_FIRST.has(first)) {
    return `only queries can be sent (SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, EXISTS), not ${first.toUpperCase()}`;
  }
  if (words.includes(';')) return 'only one statement can be sent at a time';
  if (words.some((word) => word === "'" || word === '"' || word === '`' || word === '/*')) {
    return 'a quote or comment is not closed';
  }
  const forbidden = words.find((word) => FORBIDDEN.has(word));
  return forbidden === undefined
    ? undefined
    : `${forbidden.toUpperCase()} cannot be used here (quote it if it is a name)`;
}

/** Where a word or a quoted name is that of a function that reaches outside, or could be. */
function calledName(token: string): string | undefined {
  const name = /^["`]([\s\S]*)["`]$/.exec(token)?.[1] ?? token;
  // A quoted name may be written with escapes, which nobody needs for a function.
  return OUTSIDE.test(name.toLowerCase()) || /^["`][\s\S]*\\/.test(token) ? name : undefined;
}
