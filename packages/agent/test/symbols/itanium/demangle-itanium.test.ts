import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { demangleItanium } from '../../../src/symbols/itanium/demangle-itanium.ts';

/** As `c++filt --no-verbose` has them. */
const NAMES: readonly (readonly [mangled: string, readable: string])[] = [
  ['_ZN5MyApp6Server14handle_requestEiPKc', 'MyApp::Server::handle_request(int, char const*)'],
  ['_ZNK3Foo3getEv', 'Foo::get() const'],
  ['_ZN3FooC1Ev', 'Foo::Foo()'],
  ['_ZN3FooD0Ev', 'Foo::~Foo()'],
  [
    '_ZNSt6vectorIiSaIiEE9push_backERKi',
    'std::vector<int, std::allocator<int> >::push_back(int const&)',
  ],
  [
    '_ZNSt6vectorISsSaISsEEC2Ev',
    'std::vector<std::string, std::allocator<std::string> >::vector()',
  ],
  [
    '_ZNSsC1ERKSsmm',
    'std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string(std::string const&, unsigned long, unsigned long)',
  ],
  ['_ZNSolsEl', 'std::ostream::operator<<(long)'],
  [
    '_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc',
    'std::basic_ostream<char, std::char_traits<char> >& std::operator<< <std::char_traits<char> >(std::basic_ostream<char, std::char_traits<char> >&, char const*)',
  ],
  ['_ZlsRSoRK3Foo', 'operator<<(std::ostream&, Foo const&)'],
  ['_Z3fooB5cxx11v', 'foo[abi:cxx11]()'],
  ['_ZNSt8ios_base7failureB5cxx11D1Ev', 'std::ios_base::failure[abi:cxx11]::~failure()'],
  ['_Z3fooILi3EEvv', 'void foo<3>()'],
  ['_Z3fooILj3ELb1ELc65EEvv', 'void foo<3u, true, (char)65>()'],
  ['_Z1fPFvvE', 'f(void (*)())'],
  ['_Z3barIiEPFvcEv', 'void (*bar<int>())(char)'],
  ['_Z1fRA3_KiPA4_A5_c', 'f(int const (&) [3], char (*) [4][5])'],
  ['_Z1fM3FooFiiE', 'f(int (Foo::*)(int))'],
  ['_Z1fM3FooKFivE', 'f(int (Foo::*)() const)'],
  ['_Z1fPVKi', 'f(int const volatile*)'],
  ['_Z3fooIJicEEvDpT_', 'void foo<int, char>(int, char)'],
  ['_Z3fooIJEEvDpT_', 'void foo<>()'],
  ['_Z3fooIRiEvOT_', 'void foo<int&>(int&)'],
  ['_ZN3FoocviEv', 'Foo::operator int()'],
  ['_ZN3FoocvT_IiEEv', 'Foo::operator int<int>()'],
  ['_ZN12_GLOBAL__N_13fooEv', '(anonymous namespace)::foo()'],
  ['_ZZ4mainENKUliE_clEi', 'main::{lambda(int)#1}::operator()(int) const'],
  ['_ZZ4mainENKUlT_E_clIiEEDaS_', 'auto main::{lambda(auto:1)#1}::operator()<int>(int) const'],
  ['_ZZ4mainE1x_0', 'main::x'],
  ['_ZZN3Foo3barEvEs', 'Foo::bar()::string literal'],
  ['_ZN3FooUt_3barEv', 'Foo::{unnamed type#1}::bar()'],
  ['_ZTV3Foo', 'vtable for Foo'],
  ['_ZTI3Foo', 'typeinfo for Foo'],
  ['_ZThn16_N3Foo3barEv', 'non-virtual thunk to Foo::bar()'],
  ['_ZTv0_n24_N3Foo3barEv', 'virtual thunk to Foo::bar()'],
  ['_ZGVZ4mainE1x', 'guard variable for main::x'],
  ['_Z3foov.constprop.0.cold', 'foo() [clone .constprop.0] [clone .cold]'],
  ['_Z3foov.part.0', 'foo() [clone .part.0]'],
  ['_Zli2_wPKc', 'operator"" _w(char const*)'],
  [
    '_Z3fooIiENSt9enable_ifIXsrSt11is_integralIT_E5valueEiE4typeES2_',
    'std::enable_if<std::is_integral<int>::value, int>::type foo<int>(int)',
  ],
  ['_Z1fIiEDTplfp_Li1EET_', 'decltype ({parm#1}+(1)) f<int>(int)'],
  [
    '_ZN2v84base17PrintCheckOperandIPKcEENSt9enable_ifIXaaaantsrSt11is_functionINSt14remove_pointerIT_E4typeEE5valuentsrSt7is_enumIS7_E5valuesrNS0_19has_output_operatorIS7_NS0_18CheckMessageStreamEvEE5valueENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEE4typeES7_',
    'std::enable_if<((!std::is_function<std::remove_pointer<char const*>::type>::value)&&(!std::is_enum<char const*>::value))&&v8::base::has_output_operator<char const*, v8::base::CheckMessageStream, void>::value, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >::type v8::base::PrintCheckOperand<char const*>(char const*)',
  ],
];

for (const [mangled, readable] of NAMES) {
  test(`${mangled} is ${readable}`, () => {
    assert.equal(demangleItanium(mangled), readable);
  });
}

test('what is no mangled name, or a damaged one, has no readable form', () => {
  const names = [
    '',
    'main',
    '_Z',
    '_Zfoo',
    '_ZN3fo',
    '_Z99999999999999999999foo',
    '_Z1fS_',
    '_Z1fT_',
  ];
  for (const name of [...names, '_Z1fv......', '_ZE', '_Z1fIiEvT9999999_', '_Z\0\0']) {
    assert.equal(demangleItanium(name), undefined, name);
  }
});

test('names that grow beyond all measure are left as they are', () => {
  const doubled = Array.from({ length: 40 }, (_, index) => {
    const earlier = `S${index.toString(36).toUpperCase()}_`;
    return `S_I${earlier}${earlier}E`;
  });
  const names = [
    `_Z${'P'.repeat(100_000)}v`,
    `_Z1f${'PF'.repeat(4000)}v`,
    `_Z${'1aI'.repeat(2500)}`,
    `_Z1fIJ${'i'.repeat(4000)}EEv${'DpPT_'.repeat(800)}`,
    `_Z1fSt4pairIiiE${doubled.join('')}`,
  ];
  for (const name of names) assert.equal(demangleItanium(name), undefined);
});

test('the names of the C++ library read as c++filt has them', () => {
  const run = (command: string, argv: readonly string[], input?: string): readonly string[] =>
    execFileSync(command, argv, { encoding: 'utf8', maxBuffer: 2 ** 28, ...(input && { input }) })
      .trimEnd()
      .split('\n');
  const [library = ''] = run('g++', ['-print-file-name=libstdc++.so.6']);
  const names = run('nm', ['-D', '--defined-only', '--without-symbol-versions', library])
    .map((line) => line.split(' ').at(-1) ?? '')
    .filter((name) => name.startsWith('_Z'));
  assert.ok(names.length > 4000);
  const readable = run('c++filt', ['--no-verbose'], names.join('\n'));
  assert.deepEqual(names.map(demangleItanium), readable);
});
