/** What somebody may do. Each role may do all that the ones before it may. */

export const ROLES = ['viewer', 'operator', 'admin'] as const;

/**
 * `viewer`: hosts, live results, the history, SQL that reads. `operator`: run and stop safe programs. `admin`: programs with
 * `--unsafe`, removing history, tokens.
 */
export type Role = (typeof ROLES)[number];

export function isRole(text: unknown): text is Role {
  return ROLES.some((role) => role === text);
}

export function mayDo(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
