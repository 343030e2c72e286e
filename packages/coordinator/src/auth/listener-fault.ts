/** Whether an API may listen where it is told to. */
import { isLoopback } from './loopback.ts';
import type { Role } from './role.ts';

export interface ListenerSecurity {
  readonly host: string;
  readonly hasTls: boolean;
  readonly hasAuthentication: boolean;
  /** Tokens may go over the network in the clear: something in front of it has TLS. */
  readonly insecureHttp: boolean;
  /** Of everybody who brings no credentials. */
  readonly anonymous?: Role;
}

/** Why not, and what to do; undefined where it may. */
export function listenerFault({
  host,
  hasTls,
  hasAuthentication,
  insecureHttp,
  anonymous,
}: ListenerSecurity): string | undefined {
  if (isLoopback(host)) return undefined;
  const lacks = [
    ...(hasTls || insecureHttp
      ? []
      : [
          'TLS: --tls-cert FILE --tls-key FILE (or --insecure-http, where something in front of it has TLS)',
        ]),
    ...(hasAuthentication || anonymous !== undefined
      ? []
      : [
          'authentication: --tokens FILE, --oidc-issuer URL or --kubernetes-auth (or --anonymous viewer, where everybody may look)',
        ]),
  ];
  return lacks.length === 0
    ? undefined
    : `listen on ${host}: whoever reaches it could trace the fleet. Beyond this machine the API needs ${lacks.join(', and ')}`;
}
