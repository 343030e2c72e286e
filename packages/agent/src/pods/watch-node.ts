/** Keeps a node's pods and labels current. */
import type { Logger } from 'pino';
import type { PodKnowledge } from '../containers/nothing-matches.ts';
import type { NodeSettings } from './kubernetes-api.ts';
import { KubernetesClient } from './kubernetes-client.ts';
import { ListWatch, type RetryTimes } from './list-watch.ts';
import type { PodTable } from './pod-table.ts';
import { readPod, textsOf } from './pod.ts';

export interface NodeWatchOptions extends NodeSettings {
  readonly pods: PodTable;
  readonly onLabels: (labels: Readonly<Record<string, string>>) => void;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  readonly retry?: RetryTimes;
}

export class NodeWatch {
  /** Resolves when pods and labels have been listed for the first time. */
  readonly listed: Promise<unknown>;
  #podsKnown: PodKnowledge = 'none-yet';
  readonly #stop = new AbortController();
  readonly #watches: Promise<unknown>;

  constructor({ api, node, pods, onLabels, log, retry }: NodeWatchOptions) {
    const client = new KubernetesClient(api);
    const onHealth = (what: string) => (failure: string | undefined) => {
      if (failure === undefined) log.info(`${what} of node ${node} are known again`);
      else log.warn(`cannot watch the ${what} of node ${node}: ${failure}${advice(failure)}`);
    };
    const common = retry === undefined ? {} : { retry };
    const takeNode = (object: unknown): void => {
      const { metadata } = object as { readonly metadata?: { readonly labels?: unknown } };
      onLabels(textsOf(metadata?.labels));
    };
    const listed = { pods: (): void => undefined, node: (): void => undefined };
    this.listed = Promise.all([
      new Promise<void>((resolve) => {
        listed.pods = resolve;
      }),
      new Promise<void>((resolve) => {
        listed.node = resolve;
      }),
    ]);
    this.#watches = Promise.all([
      new ListWatch(client, {
        ...common,
        path: '/api/v1/pods',
        fieldSelector: `spec.nodeName=${node}`,
        onList: (objects) => {
          pods.replace(objects.flatMap((object) => readPod(object) ?? []));
          this.#podsKnown = 'all';
          listed.pods();
        },
        onChange: (type, object) => {
          const pod = readPod(object);
          if (pod === undefined) return;
          if (type === 'changed') pods.apply({ changed: [pod], gone: [] });
          else pods.apply({ changed: [], gone: [pod.uid] });
        },
        onHealth: onHealth('pods'),
      }).run(this.#stop.signal),
      new ListWatch(client, {
        ...common,
        path: '/api/v1/nodes',
        fieldSelector: `metadata.name=${node}`,
        onList: (objects) => {
          objects.forEach(takeNode);
          listed.node();
        },
        onChange: (type, object) => {
          if (type === 'changed') takeNode(object);
        },
        onHealth: onHealth('labels'),
      }).run(this.#stop.signal),
    ]);
  }

  get podsKnown(): PodKnowledge {
    return this.#podsKnown;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#watches;
  }
}

function advice(failure: string): string {
  return / 40[13] /.test(failure)
    ? "; the agent's service account needs get, list and watch of pods and nodes"
    : '';
}
