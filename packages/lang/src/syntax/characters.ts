/** Character classes of the language; all of its own words are ASCII. */

export function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

export function isHexDigit(character: string): boolean {
  return (
    isDigit(character) ||
    (character >= 'a' && character <= 'f') ||
    (character >= 'A' && character <= 'F')
  );
}

export function isIdentifierStart(character: string): boolean {
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    character === '_'
  );
}

export function isIdentifierPart(character: string): boolean {
  return isIdentifierStart(character) || isDigit(character);
}

/** What separates tokens; a form feed does not. */
export function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

/** What ends a raw attach point. */
export function isSpace(character: string): boolean {
  return isBlank(character) || character === '\v' || character === '\f';
}
