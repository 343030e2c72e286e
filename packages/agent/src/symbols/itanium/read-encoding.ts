/** Functions with their parameters, variables, and what the compiler makes for them, in mangled names. */
import { lift, plain, textOf, type Value } from './declarator.ts';
import { MangledError, type EncodingUse, type MangledText } from './mangled-text.ts';
import { readName } from './read-name.ts';
import { laterMark, readParameters, readType } from './read-type.ts';
import { MADE_FOR_NAMES, MADE_FOR_TYPES } from './words.ts';

export function readEncoding(text: MangledText, use: EncodingUse): Value {
  return text.nested(() => {
    if (text.peek() === 'T' || text.startsWith('G')) return readSpecial(text);
    const outer = text.templateArgs;
    const { forward } = text;
    text.templateArgs = [];
    text.forward = 'refuse';
    const value = readFunction(text, use);
    text.forward = forward;
    text.templateArgs = outer;
    return text.bounded(value);
  });
}

function readFunction(text: MangledText, use: EncodingUse): Value {
  const read = readName(text, true);
  const name = filled(read.value, text.templateArgs);
  const ended = (): boolean => text.ended || text.peek() === 'E' || text.peek() === '.';
  if (ended()) return name;
  const result = read.hasResult ? readType(text) : undefined;
  const params = readParameters(text, ended);
  if (use === 'address') return name;
  const declared = lift([name, params], (of = plain(''), list = plain('')) =>
    plain(`${textOf(of)}${textOf(list)}${read.qualifiers}`),
  );
  if (result === undefined || use === 'local') return declared;
  return lift([result, declared], (type = plain(''), of = plain('')) =>
    plain(`${type.left}${type.left.endsWith('(*') ? '' : ' '}${textOf(of)}${type.right}`),
  );
}

/** Puts arguments where their names came before them. */
function filled(name: Value, args: readonly Value[]): Value {
  return lift([name], (of) => {
    let full = textOf(of);
    for (const [index, arg] of args.entries()) {
      const mark = laterMark(index);
      if (full.includes(mark) && 'left' in arg) full = full.replaceAll(mark, textOf(arg));
    }
    return plain(full);
  });
}

function readSpecial(text: MangledText): Value {
  const code = text.pair();
  const ofType = MADE_FOR_TYPES.get(code);
  const ofName = MADE_FOR_NAMES.get(code);
  text.at += 2;
  if (ofType !== undefined) return before(ofType, readType(text));
  if (ofName !== undefined) return before(ofName, readName(text, false).value);
  switch (code) {
    case 'Th':
    case 'Tv': {
      text.at--;
      readCallOffset(text);
      const thunk = code === 'Th' ? 'non-virtual thunk to ' : 'virtual thunk to ';
      return before(thunk, readEncoding(text, 'whole'));
    }
    case 'Tc':
      readCallOffset(text);
      readCallOffset(text);
      return before('covariant return thunk to ', readEncoding(text, 'whole'));
    case 'TC': {
      const type = readType(text);
      text.digits();
      text.expect('_');
      const inside = readType(text);
      return lift([inside, type], (one = plain(''), other = plain('')) =>
        plain(`construction vtable for ${textOf(one)}-in-${textOf(other)}`),
      );
    }
    case 'GR': {
      const name = readName(text, false).value;
      const index = text.ended ? 0 : text.sequence(36);
      return before(`reference temporary #${index} for `, name);
    }
    case 'GT':
      text.at++;
      return before('transaction clone for ', readEncoding(text, 'whole'));
    default:
      throw new MangledError('unknown special name');
  }
}

function readCallOffset(text: MangledText): void {
  const virtual = text.take('v');
  if (!virtual) text.expect('h');
  text.digits();
  text.expect('_');
  if (!virtual) return;
  text.digits();
  text.expect('_');
}

function before(words: string, of: Value): Value {
  return lift([of], (name) => plain(words + textOf(name)));
}
