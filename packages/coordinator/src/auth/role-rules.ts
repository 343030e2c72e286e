/** Which role the groups of somebody give, who is known by others than us. */
import { CredentialError } from './principal.ts';
import { mayDo, type Role } from './role.ts';

/** Whoever is in the group has the role. */
export interface RoleRule {
  readonly role: Role;
  readonly group: string;
}

/** The largest role that the rules give. @throws {CredentialError} where they give none */
export function roleOf(
  name: string,
  groups: readonly string[],
  rules: readonly RoleRule[],
  flag: string,
): Role {
  const given = rules.filter(({ group }) => groups.includes(group)).map(({ role }) => role);
  const [first, ...rest] = given;
  if (first === undefined) {
    throw new CredentialError(`${name} has no role here: ${flag} of the coordinator gives roles`);
  }
  return rest.reduce((most, role) => (mayDo(role, most) ? role : most), first);
}
