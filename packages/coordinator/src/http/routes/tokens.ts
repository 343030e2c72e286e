/** API tokens: listed, made and revoked by admins. */
import type { TokenInfo, TokenRequest } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { ROLES } from '../../auth/role.ts';
import { TokenFileError, type TokenFile } from '../../auth/token-file.ts';
import { nameFault, tokenState, type TokenRecord } from '../../auth/token.ts';
import type { Audit } from '../audit.ts';
import { notFound, Refusal } from '../refusal.ts';

const admin = { config: { role: 'admin' } } as const;

const tokenBody = {
  type: 'object',
  required: ['name', 'role'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200 },
    role: { enum: ROLES },
    expiresInMs: { type: 'integer', minimum: 1, maximum: 10 * 366 * 24 * 3_600_000 },
  },
} as const;

export function tokenRoutes(
  app: FastifyInstance,
  audit: Audit,
  tokens: TokenFile | undefined,
): void {
  app.get('/v1/tokens', admin, async () => {
    const records = await written((file) => file.records());
    return records.map(infoOf);
  });

  app.post<{ Body: TokenRequest }>(
    '/v1/tokens',
    { ...admin, schema: { body: tokenBody } },
    async (request, reply) => {
      const { body } = request;
      const fault = nameFault(body.name);
      if (fault !== undefined) throw new Refusal(400, { code: 'invalid-request', message: fault });
      const { name, role, expiresInMs } = body;
      const { text, record } = await written((file) =>
        file.create({
          ...{ name, role },
          ...(expiresInMs !== undefined && { expiresAtMs: Date.now() + expiresInMs }),
        }),
      );
      await audit.note(request, {
        action: 'token',
        outcome: `made ${record.id}, ${role}, for ${name}`,
      });
      return reply.status(201).send({ ...infoOf(record), token: text });
    },
  );

  app.delete<{ Params: { id: string } }>('/v1/tokens/:id', admin, async (request) => {
    const { id } = request.params;
    const record = await written((file) => file.revoke(id));
    if (record === undefined) throw notFound(`token ${id}`);
    await audit.note(request, { action: 'token', outcome: `revoked ${id} of ${record.name}` });
    return infoOf(record);
  });

  async function written<Result>(use: (file: TokenFile) => Promise<Result>): Promise<Result> {
    if (tokens === undefined) {
      const message = 'this coordinator keeps no tokens: it was started without --tokens FILE';
      throw new Refusal(409, { code: 'no-tokens', message });
    }
    try {
      return await use(tokens);
    } catch (error) {
      if (!(error instanceof TokenFileError)) throw error;
      throw new Refusal(503, { code: 'tokens-away', message: error.message });
    }
  }
}

function infoOf(record: TokenRecord): TokenInfo {
  const { sha256: _, ...known } = record;
  return { ...known, state: tokenState(record, Date.now()) };
}
