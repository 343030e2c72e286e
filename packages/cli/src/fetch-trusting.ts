/** `fetch`, also where the coordinator's certificate is of an authority that only the user knows. */
import type * as Undici from 'undici';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** @param ca certificates in PEM; absent, those that Node trusts */
export function fetchTrusting(ca: string | undefined): Fetch {
  if (ca === undefined) return fetch;
  // Node's own has no way to be told of an authority; this is the same one, as a package, and only read when needed.
  const undici = import('undici').then((module) => ({
    fetch: module.fetch,
    dispatcher: new module.Agent({ connect: { ca } }),
  }));
  return async (url, init) => {
    const { fetch: ask, dispatcher } = await undici;
    const asked = { ...init, dispatcher } as Undici.RequestInit;
    return ask(url, asked) as Promise<unknown> as Promise<Response>;
  };
}
