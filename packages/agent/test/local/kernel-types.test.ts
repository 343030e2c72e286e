/** Damage in the file of `BPFTRACE_BTF` that is met while a program's types are decoded. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BtfError } from '@bpfleet/bpf/btf';
import { damagedTypesText } from '../../src/local/kernel-types.ts';

const environment = { BPFTRACE_BTF: '/types' };

suite('damage in the file of BPFTRACE_BTF', () => {
  test('is told with the name of the file and what to do', () => {
    assert.match(
      damagedTypesText(new BtfError('btf: no type 7'), environment) ?? '',
      /^ERROR: BTF: failed to parse BTF from \/types: btf: no type 7\nHINT: .*unset BPFTRACE_BTF/,
    );
  });

  test('is not blamed for other errors, nor where the variable is not set', () => {
    assert.equal(damagedTypesText(new Error('no memory'), environment), undefined);
    assert.equal(damagedTypesText(new BtfError('btf: no type 7'), {}), undefined);
  });
});
