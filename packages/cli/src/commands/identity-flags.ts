/** Flags of `bpfleet coordinator`: people whom an OIDC issuer or a Kubernetes cluster knows. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { OidcOptions, RoleRule, TokenReviewOptions } from '@bpfleet/coordinator';
import { UserError } from '../terminal.ts';

export interface IdentityFlags {
  readonly oidcIssuer?: string;
  readonly oidcAudience?: string;
  readonly oidcName: string;
  readonly oidcGroups: string;
  readonly oidcRole: readonly RoleRule[];
  readonly kubernetesAuth?: boolean;
  readonly kubernetesAuthApi?: string;
  readonly kubernetesAudience?: string;
  readonly kubernetesRole: readonly RoleRule[];
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export function withIdentityFlags(command: Command): Command {
  return command
    .option('--oidc-issuer <url>', 'take tokens (JWT) of this OpenID Connect issuer too')
    .option('--oidc-audience <name>', 'that they have to be meant for')
    .option('--oidc-name <claim>', 'the claim that names somebody', 'sub')
    .option('--oidc-groups <claim>', 'the claim with their groups', 'groups')
    .addOption(ruleOption('--oidc-role <role=group>', 'who has which role (repeatable)'))
    .option(
      '--kubernetes-auth',
      'take tokens that the API server of the cluster knows (TokenReview)',
    )
    .option('--kubernetes-auth-api <url>', 'the API server, for outside of the cluster')
    .option('--kubernetes-audience <name>', 'that the tokens have to be meant for')
    .addOption(
      ruleOption(
        '--kubernetes-role <role=group>',
        'who has which role: a group or a user of the cluster (repeatable)',
      ),
    );
}

/** @throws UserError for what is missing, or cannot be trusted */
export function identitiesOf(
  flags: IdentityFlags,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly oidc?: OidcOptions; readonly kubernetes?: TokenReviewOptions } {
  const oidc = oidcOf(flags);
  const kubernetes = kubernetesOf(flags, environment);
  return { ...(oidc && { oidc }), ...(kubernetes && { kubernetes }) };
}

function oidcOf({ oidcIssuer, oidcAudience, ...rest }: IdentityFlags): OidcOptions | undefined {
  if (oidcIssuer === undefined) return undefined;
  if (oidcAudience === undefined) {
    throw new UserError('--oidc-issuer needs --oidc-audience, or tokens for others would be taken');
  }
  const { protocol, hostname } = urlOf('--oidc-issuer', oidcIssuer);
  if (protocol !== 'https:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
    throw new UserError(`--oidc-issuer ${oidcIssuer}: its keys would come without TLS`);
  }
  return {
    ...{ issuer: oidcIssuer, audience: oidcAudience },
    ...{ nameClaim: rest.oidcName, groupsClaim: rest.oidcGroups, rules: rest.oidcRole },
  };
}

function kubernetesOf(
  flags: IdentityFlags,
  environment: Readonly<Record<string, string | undefined>>,
): TokenReviewOptions | undefined {
  const { kubernetesAuth, kubernetesAuthApi, kubernetesAudience, kubernetesRole: rules } = flags;
  const audience = kubernetesAudience === undefined ? {} : { audience: kubernetesAudience };
  if (kubernetesAuthApi !== undefined) {
    urlOf('--kubernetes-auth-api', kubernetesAuthApi);
    return { url: kubernetesAuthApi, rules, ...audience };
  }
  if (kubernetesAuth !== true) return undefined;
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host === undefined || host === '') {
    throw new UserError(
      '--kubernetes-auth: this is no pod of a cluster; --kubernetes-auth-api names its API server',
    );
  }
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tokenPath: `${SERVICE_ACCOUNT}/token`,
    caPath: `${SERVICE_ACCOUNT}/ca.crt`,
    ...{ rules, ...audience },
  };
}

function ruleOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(addRule).default([], 'none');
}

function addRule(text: string, before: readonly RoleRule[]): readonly RoleRule[] {
  const [, role, group] = /^(viewer|operator|admin)=(.+)$/.exec(text) ?? [];
  if (role === undefined || group === undefined) {
    throw new InvalidArgumentError('it is ROLE=GROUP, such as operator=team:sre.');
  }
  return [...before, { role: role as RoleRule['role'], group }];
}

function urlOf(flag: string, text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UserError(`${flag} ${text}: not an http:// or https:// address`);
  }
  return new URL(text);
}
