/** Which hosts stand behind the pseudonyms of subjects, as far as they have been heard. */

const MAX_NAMES = 20_000;

export class KnownNames {
  readonly #hosts = new Map<string, string>();

  note(pseudonym = '', host = ''): void {
    if (pseudonym === host || this.#hosts.has(pseudonym)) return;
    if (this.#hosts.size < MAX_NAMES) this.#hosts.set(pseudonym, host);
  }

  /** Such as `host web-1`. */
  say(name: string): string {
    const host = this.#hosts.get(name) ?? name;
    return `host ${safely(host)}`;
  }
}

function safely(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
