/** Where tokens are kept: a file that lies here, or a coordinator that has one. */
import type { CreatedToken, TokenInfo, TokenRequest } from '@bpfleet/protocol';
import type { TokenRecord } from '@bpfleet/coordinator';
import { UserError } from '../../terminal.ts';
import { connect, type CommandContext, type CoordinatorFlags } from '../command-context.ts';

export interface TokenFlags extends CoordinatorFlags {
  readonly file?: string;
  readonly json?: boolean;
}

/** All throw UserError. */
export interface TokenKeeper {
  tokens(): Promise<readonly TokenInfo[]>;
  createToken(request: TokenRequest): Promise<CreatedToken>;
  revokeToken(id: string): Promise<TokenInfo>;
}

export async function tokenKeeper(
  flags: TokenFlags,
  context: CommandContext,
): Promise<TokenKeeper> {
  return flags.file === undefined ? connect(flags, context) : fileKeeper(flags.file);
}

async function fileKeeper(path: string): Promise<TokenKeeper> {
  const { TokenFile, nameFault, tokenState } = await import('@bpfleet/coordinator');
  const file = new TokenFile(path);
  const infoOf = ({ sha256: _, ...record }: TokenRecord): TokenInfo => ({
    ...record,
    state: tokenState({ sha256: _, ...record }, Date.now()),
  });
  return {
    tokens: async () => (await file.records()).map(infoOf),
    createToken: async ({ name, role, expiresInMs }) => {
      const fault = nameFault(name);
      if (fault !== undefined) throw new UserError(fault);
      const { text, record } = await file.create({
        ...{ name, role },
        ...(expiresInMs !== undefined && { expiresAtMs: Date.now() + expiresInMs }),
      });
      return { ...infoOf(record), token: text };
    },
    revokeToken: async (id) => {
      const record = await file.revoke(id);
      if (record === undefined) throw new UserError(`no token ${id} in ${path}`);
      return infoOf(record);
    },
  };
}
