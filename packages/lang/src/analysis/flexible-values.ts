/** Which integers of a value have no sign of their own: literals, and what only literals were assigned to. */
import type { Expression } from '../syntax/ast.ts';
import { commonFlexibility, isSignFlexible, type Flexibility } from '../types/sign-flexible.ts';
import type { MapTypes } from './map-types.ts';
import type { VariableTypes } from './variable-types.ts';

export interface Places {
  readonly variables: VariableTypes;
  readonly maps: MapTypes;
}

export function flexibilityIn(node: Expression, places: Places): Flexibility {
  switch (node.kind) {
    case 'variable':
      return places.variables.flexibility(node.name);
    case 'map':
      return places.maps.states.get(node.name)?.exact?.signFlexible ?? false;
    case 'tuple':
      return Object.fromEntries(
        node.elements.map((element, index) => [index, flexibilityIn(element, places)]),
      );
    case 'record':
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name, flexibilityIn(value, places)]),
      );
    case 'ternary':
      return commonFlexibility(
        flexibilityIn(node.then ?? node.condition, places),
        flexibilityIn(node.otherwise, places),
      );
    default:
      return isSignFlexible(node);
  }
}
