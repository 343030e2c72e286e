/** Codes of built-in types, operators and parts of the standard library in mangled names (Itanium C++ ABI, 5.1). */

export const BUILTIN_TYPES: ReadonlyMap<string, string> = new Map([
  ['v', 'void'],
  ['w', 'wchar_t'],
  ['b', 'bool'],
  ['c', 'char'],
  ['a', 'signed char'],
  ['h', 'unsigned char'],
  ['s', 'short'],
  ['t', 'unsigned short'],
  ['i', 'int'],
  ['j', 'unsigned int'],
  ['l', 'long'],
  ['m', 'unsigned long'],
  ['x', 'long long'],
  ['y', 'unsigned long long'],
  ['n', '__int128'],
  ['o', 'unsigned __int128'],
  ['f', 'float'],
  ['d', 'double'],
  ['e', 'long double'],
  ['g', '__float128'],
  ['z', '...'],
  ['Dd', 'decimal64'],
  ['De', 'decimal128'],
  ['Df', 'decimal32'],
  ['Dh', 'half'],
  ['Di', 'char32_t'],
  ['Ds', 'char16_t'],
  ['Du', 'char8_t'],
  ['Da', 'auto'],
  ['Dc', 'decltype(auto)'],
  ['Dn', 'decltype(nullptr)'],
]);

/** What follows a literal of the type; others have their type before them. */
export const LITERAL_SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['int', ''],
  ['unsigned int', 'u'],
  ['long', 'l'],
  ['unsigned long', 'ul'],
  ['long long', 'll'],
  ['unsigned long long', 'ull'],
]);

export interface Operator {
  readonly text: string;
  readonly operands: number;
}

export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  (
    [
      ['nw', 'new', 3],
      ['na', 'new[]', 3],
      ['dl', 'delete', 1],
      ['da', 'delete[]', 1],
      ['aw', 'co_await', 1],
      ['ps', '+', 1],
      ['ng', '-', 1],
      ['ad', '&', 1],
      ['de', '*', 1],
      ['co', '~', 1],
      ['pl', '+', 2],
      ['mi', '-', 2],
      ['ml', '*', 2],
      ['dv', '/', 2],
      ['rm', '%', 2],
      ['an', '&', 2],
      ['or', '|', 2],
      ['eo', '^', 2],
      ['aS', '=', 2],
      ['pL', '+=', 2],
      ['mI', '-=', 2],
      ['mL', '*=', 2],
      ['dV', '/=', 2],
      ['rM', '%=', 2],
      ['aN', '&=', 2],
      ['oR', '|=', 2],
      ['eO', '^=', 2],
      ['ls', '<<', 2],
      ['rs', '>>', 2],
      ['lS', '<<=', 2],
      ['rS', '>>=', 2],
      ['eq', '==', 2],
      ['ne', '!=', 2],
      ['lt', '<', 2],
      ['gt', '>', 2],
      ['le', '<=', 2],
      ['ge', '>=', 2],
      ['ss', '<=>', 2],
      ['nt', '!', 1],
      ['aa', '&&', 2],
      ['oo', '||', 2],
      ['pp', '++', 1],
      ['mm', '--', 1],
      ['cm', ',', 2],
      ['pm', '->*', 2],
      ['pt', '->', 2],
      ['dt', '.', 2],
      ['ds', '.*', 2],
      ['cl', '()', 2],
      ['ix', '[]', 2],
      ['qu', '?', 3],
    ] as const
  ).map(([code, text, operands]) => [code, { text, operands }]),
);

export interface LibraryName {
  readonly short: string;
  /** What its constructors are named by. */
  readonly full: string;
}

const CHAR_TRAITS = '<char, std::char_traits<char> >';

export const LIBRARY_NAMES: ReadonlyMap<string, LibraryName> = new Map(
  (
    [
      ['a', 'std::allocator', 'std::allocator'],
      ['b', 'std::basic_string', 'std::basic_string'],
      [
        's',
        'std::string',
        'std::basic_string<char, std::char_traits<char>, std::allocator<char> >',
      ],
      ['i', 'std::istream', `std::basic_istream${CHAR_TRAITS}`],
      ['o', 'std::ostream', `std::basic_ostream${CHAR_TRAITS}`],
      ['d', 'std::iostream', `std::basic_iostream${CHAR_TRAITS}`],
    ] as const
  ).map(([code, short, full]) => [code, { short, full }]),
);

/** Tables and functions that the compiler makes, before what they are for. */
export const MADE_FOR_TYPES: ReadonlyMap<string, string> = new Map([
  ['TV', 'vtable for '],
  ['TT', 'VTT for '],
  ['TI', 'typeinfo for '],
  ['TS', 'typeinfo name for '],
]);

export const MADE_FOR_NAMES: ReadonlyMap<string, string> = new Map([
  ['TH', 'TLS init function for '],
  ['TW', 'TLS wrapper function for '],
  ['GV', 'guard variable for '],
]);

/** Everything in readable names that mangled ones have no words for. */
export const FIXED_WORDS: string = [
  ...BUILTIN_TYPES.values(),
  ...[...OPERATORS.values()].map(({ text }) => text),
  ...[...LIBRARY_NAMES.values()].flatMap(({ short, full }) => [short, full]),
  ...MADE_FOR_TYPES.values(),
  ...MADE_FOR_NAMES.values(),
  'const volatile restrict noexcept operator true false',
  '(anonymous namespace) {lambda#1} {unnamed type#1} {default arg#1} {parm#1} [abi:] [clone ]',
  'non-virtual thunk to covariant return construction vtable for reference temporary transaction',
  'string literal decltype sizeof alignof throw this pixel __vector _Complex _Imaginary',
  'dynamic_cast static_cast const_cast reinterpret_cast std::bfloat16_t _Float _BitInt auto:1 -in-',
].join(' ');
