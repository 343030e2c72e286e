/** Which names and addresses mean this machine, and which requests come from it on purpose. */
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** A name or an address, IPv6 without brackets. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return /^(?:[a-z0-9-]+\.)*localhost\.?$/i.test(host);
  return LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

export interface RequestOrigin {
  /** The header `Host`. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The header `Sec-Fetch-Site`. */
  readonly fetchSite: string | undefined;
}

/**
 * Why a request to a listener that trusts this machine was not made by somebody on it, but by a page in their browser; or
 * undefined. A page of elsewhere can send requests to 127.0.0.1, and with a name that it points there (DNS rebinding)
 * read the answers; it cannot choose these headers.
 */
export function foreignPage({ host, origin, fetchSite }: RequestOrigin): string | undefined {
  if (host === undefined || !isLoopback(nameOf(host))) {
    return `the request is for ${host ?? 'no host'}, not for this machine`;
  }
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') {
    return 'the request is of a page of another site';
  }
  if (origin !== undefined && !isLoopback(nameOf(origin.replace(/^[a-z]+:\/\//, '')))) {
    return `the request is of a page of ${origin}`;
  }
  return undefined;
}

/** Without port and brackets. */
function nameOf(authority: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(authority)?.[1] ?? authority.replace(/:\d+$/, '');
}
