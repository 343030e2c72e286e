/** Which integers of a value have no sign of their own: literals, and what only literals were assigned to. */
import type { Expression } from '../syntax/ast.ts';
import { commonFlexibility, isSignFlexible, type Flexibility } from '../types/sign-flexible.ts';
import type { MapTypes } from './map-types.ts';
import type { VariableTypes } from './variable-types.ts';

export function flexibilityIn(
  node: Expression,
  variables: VariableTypes,
  maps: MapTypes,
): Flexibility {
  const inside = (part: Expression): Flexibility => flexibilityIn(part, variables, maps);
  switch (node.kind) {
    case 'variable':
      return variables.flexibility(node.name);
    case 'map':
      return maps.states.get(node.name)?.exact?.signFlexible ?? false;
    case 'tuple':
      return Object.fromEntries(node.elements.map((element, index) => [index, inside(element)]));
    case 'record':
      return Object.fromEntries(node.fields.map(({ name, value }) => [name, inside(value)]));
    case 'ternary':
      return commonFlexibility(inside(node.then ?? node.condition), inside(node.otherwise));
    default:
      return isSignFlexible(node);
  }
}
