/** Which Kubernetes node an agent is on, and where its API server is. */
import { InvalidArgumentError, Option, type Command } from 'commander';

export interface NodeFlags {
  readonly node?: string;
  readonly kubernetesApi?: string;
}

interface Api {
  readonly url: string;
}

export interface NodeSettings<Server extends Api> {
  readonly api: Server;
  readonly node: string;
}

export function withNodeFlags(command: Command): Command {
  return command
    .option('--node <name>', 'the Kubernetes node whose pods are followed (NODE_NAME)')
    .addOption(
      new Option(
        '--kubernetes-api <url>',
        'such as http://127.0.0.1:8001 of "kubectl proxy" (default: of the cluster the agent runs in)',
      ).argParser(parseUrl),
    );
}

/** Undefined outside of Kubernetes. `inCluster`: what the environment says of the cluster around. */
export function nodeOf<Server extends Api>(
  flags: NodeFlags,
  nodeName: string | undefined,
  inCluster: Server | undefined,
  warn: (message: string) => void,
): NodeSettings<Server | Api> | undefined {
  const api = flags.kubernetesApi === undefined ? inCluster : { url: flags.kubernetesApi };
  const node = flags.node ?? nodeName;
  if (api === undefined) {
    if (flags.node === undefined) return undefined;
    throw new Error(
      `--node ${flags.node}: no cluster is around; name its server: --kubernetes-api`,
    );
  }
  if (node !== undefined && node !== '') return { api, node };
  const missing =
    'which node this is is not known, so pods are not followed: set NODE_NAME by the downward API ' +
    '(fieldRef: spec.nodeName), or give --node';
  if (flags.kubernetesApi !== undefined) throw new Error(missing);
  warn(missing);
  return undefined;
}

function parseUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('write it as http://HOST:PORT.');
  }
  return text;
}
