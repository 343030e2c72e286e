/** Where the API server is, and how an agent in the cluster may ask it. */

export interface KubernetesApi {
  /** `https://10.43.0.1:443` */
  readonly url: string;
  /** Read again for each request: the kubelet replaces it every hour. */
  readonly tokenPath?: string;
  /** The certificate that the server's is signed with. */
  readonly caPath?: string;
}

/** A node's pods, and how to learn of them. */
export interface NodeSettings {
  readonly api: KubernetesApi;
  readonly node: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** From what the kubelet gives every container; undefined outside of a cluster. */
export function inClusterApi(
  environment: Readonly<Record<string, string | undefined>>,
): KubernetesApi | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  if (host === undefined || host === '') return undefined;
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tokenPath: `${SERVICE_ACCOUNT}/token`,
    caPath: `${SERVICE_ACCOUNT}/ca.crt`,
  };
}
