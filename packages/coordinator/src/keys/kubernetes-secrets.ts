/** The files of `bpfleet keys init` as Secrets of Kubernetes, one for each party, so that no pod is given another's. */

/** Content by name of the file. */
export type SecretFiles = Readonly<Record<string, string>>;

export function kubernetesSecrets(secrets: Readonly<Record<string, SecretFiles>>): string {
  return Object.entries(secrets)
    .map(([name, files]) => secretText(name, files))
    .join('---\n');
}

function secretText(name: string, files: SecretFiles): string {
  const data = Object.entries(files).map(
    ([file, content]) => `  ${file}: ${Buffer.from(content).toString('base64')}\n`,
  );
  return `apiVersion: v1
kind: Secret
type: Opaque
metadata:
  name: ${name}
  namespace: bpfleet
data:
${data.join('')}`;
}
