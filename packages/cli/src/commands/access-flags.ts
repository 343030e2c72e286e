/** Flags of `bpfleet coordinator`: who may use its API, and with what it is encrypted. */
import { Option, type Command } from 'commander';
import type { CoordinatorAccess, Role } from '@bpfleet/coordinator';
import { UserError } from '../terminal.ts';
import { identitiesOf, withIdentityFlags, type IdentityFlags } from './identity-flags.ts';

export interface AccessFlags extends IdentityFlags {
  readonly tokens?: string;
  readonly token?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly anonymous?: Role;
  readonly insecureHttp?: boolean;
}

export function withAccessFlags(command: Command): Command {
  return withIdentityFlags(command)
    .option('--tokens <file>', 'who may use the API; "bpfleet token --file" makes and changes it')
    .option('--token <token>', "one more token, an admin's (BPFLEET_TOKEN)")
    .option('--tls-cert <file>', 'certificate of the API, PEM; taken anew when it is renewed')
    .option('--tls-key <file>', 'its key, PEM')
    .addOption(
      new Option('--anonymous <role>', 'what requests without a token may do').choices([
        'viewer',
        'operator',
        'admin',
      ]),
    )
    .option('--insecure-http', 'listen beyond this machine without TLS: something else has it');
}

/** @throws UserError for half a pair */
export function accessOf(
  flags: AccessFlags,
  environment: Readonly<Record<string, string | undefined>>,
): CoordinatorAccess {
  const { tokens, tlsCert, tlsKey, anonymous, insecureHttp } = flags;
  const token = flags.token ?? environment['BPFLEET_TOKEN'];
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UserError('--tls-cert and --tls-key belong together');
  }
  return {
    ...(tlsCert !== undefined &&
      tlsKey !== undefined && { tls: { certFile: tlsCert, keyFile: tlsKey } }),
    ...(tokens !== undefined && { tokens }),
    ...(token !== undefined && { token }),
    ...identitiesOf(flags, environment),
    ...(anonymous !== undefined && { anonymous }),
    ...(insecureHttp !== undefined && { insecureHttp }),
  };
}
