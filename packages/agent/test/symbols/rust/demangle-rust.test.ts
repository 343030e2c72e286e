import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demangle } from '../../../src/symbols/demangle.ts';
import { demangleRust } from '../../../src/symbols/rust/demangle-rust.ts';

/** As `c++filt` has them. */
const NAMES: readonly (readonly [mangled: string, readable: string])[] = [
  ['_ZN4core3fmt9Formatter3pad17h0123456789abcdefE', 'core::fmt::Formatter::pad'],
  [
    '_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE',
    "<Test + 'static as foo::Bar<Test>>::bar",
  ],
  ['_RNvNtCs1234_7mycrate3foo3bar', 'mycrate::foo::bar'],
  [
    '_RINvNtC3std3mem8align_ofNtNtC3std3mem12DiscriminantE',
    'std::mem::align_of::<std::mem::Discriminant>',
  ],
  [
    '_RNvXs_NtC4core3fmtNtB4_9FormatterNtB4_5Write9write_str',
    '<core::fmt::Formatter as core::fmt::Write>::write_str',
  ],
  ['_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_', 'cc::spawn::{closure#0}::{closure#0}'],
  [
    '_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std',
    'alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>',
  ],
  ['_RMC0INtC8arrayvec8ArrayVechKj7b_E', '<arrayvec::ArrayVec<u8, 123>>'],
  ['_RINvC1a1bKanff_Kcc_E', "a::b::<-255, '\\u{c}'>"],
  ['_RINvCs123_1a1bTlEE', 'a::b::<(i32,)>'],
];

for (const [mangled, readable] of NAMES) {
  test(`${mangled} is ${readable}`, () => {
    assert.equal(demangleRust(mangled), readable);
    assert.equal(demangle(mangled), readable);
  });
}

test('names of other languages are left to them', () => {
  assert.equal(demangleRust('_ZN3foo3barE'), undefined);
  assert.equal(demangle('_ZN3foo3barEv'), 'foo::bar()');
  assert.equal(demangle('main'), 'main');
  assert.equal(demangle('_Zfoo'), '_Zfoo');
});

test('damaged names, and those that grow beyond all measure, are left as they are', () => {
  const doubled = Array.from({ length: 25 }, () => 'TB_B_E').join('');
  const names = ['_R', '_RNvC', '_RNvB_3foo', '_RNvC9foo', `_RINvC1a1b${doubled}E`];
  for (const name of [...names, `_R${'NvC'.repeat(2000)}`]) assert.equal(demangle(name), name);
});
