/**
 * A ClickHouse server of a test's own: the HTTP interface over the embedded engine, with a password if it is given one,
 * which can be killed and brought back, and can fail at the next insert in each way a server can.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Session } from 'chdb';

/** What happens to the next insert. */
export type InsertFault =
  /** The server dies with a part of it read: no row is in. */
  | 'dies-while-reading'
  /** The server dies when the rows are in, and nobody has been told. */
  | 'dies-before-answering'
  /** The rows are in, and no answer ever comes. */
  | 'never-answers'
  /** The server has no memory left for it: no row is in. */
  | 'refuses';

export interface ClickHouseServerOptions {
  readonly user?: string;
  readonly password?: string;
}

const NO_MEMORY =
  'Code: 241. DB::Exception: (total) memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)';
const READ_ONLY = 'Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)';
const NOT_LET_IN =
  'Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no such user. (AUTHENTICATION_FAILED)';
/** Settings of a request that change what its statement does to tables and answers. */
const PASSED_ON = /^(?:param_|output_format_|insert_deduplication_token$|deduplicate_blocks_)/;
const READING = /^\s*(?:SELECT|WITH|SHOW|DESC|DESCRIBE|EXPLAIN|EXISTS)\b/i;

export class ClickHouseServer {
  /** Requests so far whose body, and answers whose text, was compressed. */
  readonly compressed = { requests: 0, answers: 0 };
  readonly #options: ClickHouseServerOptions;
  readonly #session = new Session();
  #server: Server | undefined;
  #port = 0;
  #fault: InsertFault | undefined;

  private constructor(options: ClickHouseServerOptions) {
    this.#options = options;
  }

  static async start(options: ClickHouseServerOptions = {}): Promise<ClickHouseServer> {
    const server = new ClickHouseServer(options);
    await server.start();
    return server;
  }

  /** The same after a restart. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Takes connections, at the same address as before. */
  async start(): Promise<void> {
    this.#fault = undefined;
    const server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As if killed: nobody listens, what was under way has no answer. */
  kill(): void {
    const server = this.#server;
    this.#server = undefined;
    server?.close();
    server?.closeAllConnections();
  }

  failAtNextInsert(fault: InsertFault): void {
    this.#fault = fault;
  }

  /** Whether the insert that was to fail has come. */
  get hasFailed(): boolean {
    return this.#fault === undefined;
  }

  /** Dies at the next insert, when its rows are in and nobody has been told. */
  killDuringInsert(): void {
    this.failAtNextInsert('dies-before-answering');
  }

  get isUp(): boolean {
    return this.#server !== undefined;
  }

  close(): void {
    this.kill();
    this.#session.cleanup();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname === '/ping') {
      response.end('Ok.\n');
      return;
    }
    if (!this.#knows(request)) {
      request.resume();
      refuse(response, 403, NOT_LET_IN);
      return;
    }
    const fault = this.#takeFault(url.searchParams);
    try {
      const body = await this.#body(request, fault);
      if (fault === 'refuses') {
        refuse(response, 500, NO_MEMORY);
        return;
      }
      const result = this.#run(url.searchParams, body);
      if (fault === 'dies-before-answering') this.kill();
      if (fault !== undefined || !this.isUp) return;
      this.#answer(request, response, url.searchParams, result);
    } catch (error) {
      refuse(response, 400, error instanceof Error ? error.message : String(error));
    }
  }

  #knows({ headers }: IncomingMessage): boolean {
    const { user = 'default', password } = this.#options;
    if (password === undefined) return true;
    const expected = Buffer.from(`${user}:${password}`).toString('base64');
    return headers.authorization === `Basic ${expected}`;
  }

  #takeFault(parameters: URLSearchParams): InsertFault | undefined {
    if (!statementOf(parameters).startsWith('INSERT INTO events ')) return undefined;
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }

  async #body(request: IncomingMessage, fault: InsertFault | undefined): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
      if (fault === 'dies-while-reading') this.kill();
    }
    const bytes = Buffer.concat(chunks);
    if (request.headers['content-encoding'] !== 'gzip') return bytes.toString();
    this.compressed.requests += 1;
    return gunzipSync(bytes).toString();
  }

  #run(parameters: URLSearchParams, body: string): string {
    const statement = statementOf(parameters);
    const text = statement === '' ? body : `${statement}\n${body}`;
    if (parameters.get('readonly') === '1' && !READING.test(text)) {
      throw new Error(READ_ONLY);
    }
    this.#session.query("SET insert_deduplication_token = ''");
    for (const [name, value] of parameters) {
      if (PASSED_ON.test(name)) this.#session.query(`SET ${name} = '${escaped(value)}'`);
    }
    return this.#session.query(text, 'TabSeparated');
  }

  #answer(
    { headers }: IncomingMessage,
    response: ServerResponse,
    parameters: URLSearchParams,
    result: string,
  ): void {
    const isAsked = parameters.get('enable_http_compression') === '1';
    if (!isAsked || !String(headers['accept-encoding']).includes('gzip')) {
      response.end(result);
      return;
    }
    this.compressed.answers += 1;
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(result));
  }

  /** Rows of a query, one text each. */
  query(sql: string): readonly string[] {
    return this.#session.query(sql, 'TabSeparated').split('\n').slice(0, -1);
  }
}

function statementOf(parameters: URLSearchParams): string {
  return parameters.get('query') ?? '';
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}

/** The client reads the number of the error out of the text, which begins with it. */
function refuse(response: ServerResponse, status: number, message: string): void {
  const [text = message, code = '1'] = /Code: (\d+)[^]*/.exec(message) ?? [];
  response.writeHead(status, { 'x-clickhouse-exception-code': code }).end(text);
}
