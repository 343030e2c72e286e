/** A ClickHouse server of a test's own: the HTTP interface over the embedded engine, which can be killed and brought back. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Session } from 'chdb';

export class ClickHouseServer {
  readonly #session = new Session();
  #server: Server | undefined;
  #port = 0;
  #dieDuringInsert = false;

  static async start(): Promise<ClickHouseServer> {
    const server = new ClickHouseServer();
    await server.start();
    return server;
  }

  /** The same after a restart. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Takes connections, at the same address as before. */
  async start(): Promise<void> {
    this.#dieDuringInsert = false;
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

  /** Dies at the next insert, when its rows are in and nobody has been told. */
  killDuringInsert(): void {
    this.#dieDuringInsert = true;
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
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    try {
      const result = this.#run(url.searchParams, body);
      if (this.isUp) response.end(result);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const [, code = '1'] = /Code: (\d+)/.exec(message) ?? [];
      response.writeHead(400, { 'x-clickhouse-exception-code': code }).end(message);
    }
  }

  #run(parameters: URLSearchParams, body: string): string {
    const statement = parameters.get('query') ?? '';
    const isInsert = statement.startsWith('INSERT');
    const token = parameters.get('insert_deduplication_token') ?? '';
    this.#session.query(`SET insert_deduplication_token = '${token}'`);
    for (const [name, value] of parameters) {
      const setting = name.startsWith('param_') || name.startsWith('output_format_');
      if (setting) this.#session.query(`SET ${name} = '${value.replaceAll("'", "\\'")}'`);
    }
    const result = this.#session.query(`${statement}\n${body}`, 'TabSeparated');
    if (isInsert && this.#dieDuringInsert) this.kill();
    return result;
  }

  /** Rows of a query, one text each. */
  query(sql: string): readonly string[] {
    return this.#session.query(sql, 'TabSeparated').split('\n').slice(0, -1);
  }
}
