/**
 * `printf` of an iterator that is left in the file system: into the file that its reader reads. The kernel formats, which
 * knows fewer conversions than the tracer, and only formats in ASCII; so each conversion is a call of its own, and what is
 * between them is written as it is.
 */
import { encodeText, parseFormat, type FormatSpec } from '@bpfleet/protocol';
import { invalidCall } from '../diagnostics/messages/calls.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { CodegenFault } from './codegen-fault.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { argument } from './lower-string.ts';
import { at, inScope, pointing, takeMemory } from './memory.ts';
import { isScalar } from './type-traits.ts';

export function isPinned({ probe: { attach } }: Lowering): boolean {
  return attach.kind === 'iter' && attach.pin !== undefined;
}

export function lowerSeqPrintf(l: Lowering, call: Call, format: string): void {
  const { fragments, specs } = parseFormat(format);
  // struct bpf_iter_meta *, and in it struct seq_file *.
  const meta = l.b.load(8, pointing(l.b.context));
  const file = l.b.load(8, pointing(meta));
  fragments.forEach((fragment, index) => {
    writeText(l, file, fragment);
    const spec = specs[index];
    if (spec === undefined) return;
    inScope(l, () => {
      const value = argument(call, index + 1);
      if (!writeValue(l, file, spec, value)) {
        const message = `%${spec.conversion} cannot be written to a pinned iterator's file`;
        throw new CodegenFault(invalidCall(call.span, message));
      }
    });
  });
}

function writeText(l: Lowering, file: VirtualRegister, text: string): void {
  if (text === '') return;
  const bytes = encodeText(text);
  const from = { kind: 'map-value', map: l.session.addText(bytes), offset: 0 } as const;
  l.b.call('seq_write', file, from, BigInt(bytes.length));
}

/** False for a conversion that the kernel does not know, or not of such a value. */
function writeValue(
  l: Lowering,
  file: VirtualRegister,
  spec: FormatSpec,
  expression: Expression,
): boolean {
  const type = typeOf(l, expression);
  if (spec.conversion === 's') {
    if (type.kind !== 'string') return false;
    const text = takeMemory(l, type.size + 1);
    l.into(expression, text, type);
    l.b.store(1, at(text, type.size), 0n);
    print(l, file, `%${layout(spec)}s`, l.b.addressOf(text));
    return true;
  }
  if (!isScalar(type)) return false;
  const value = l.scalar(expression);
  switch (spec.conversion) {
    case 'd':
    case 'i':
      print(l, file, `%${layout(spec)}lld`, cut(l, value, spec.length, 'arsh'));
      return true;
    case 'u':
    case 'x':
    case 'X': {
      const prefix = spec.alternate && spec.conversion !== 'u' ? `0${spec.conversion}` : '';
      const number = cut(l, value, spec.length, 'rsh');
      print(l, file, `${prefix}%${layout(spec)}ll${spec.conversion}`, number);
      return true;
    }
    case 'p':
      print(l, file, '0x%llx', value);
      return true;
    case 'c':
      l.b.call('seq_write', file, stored(l, value), 1n);
      return true;
    default:
      return false;
  }
}

/** Its flags and its width. */
function layout({ left, plus, zeros, width }: FormatSpec): string {
  return `${left ? '-' : ''}${plus ? '+' : ''}${zeros ? '0' : ''}${width === 0 ? '' : width}`;
}

function print(l: Lowering, file: VirtualRegister, format: string, value: Operand): void {
  const bytes = encodeText(`${format}\0`);
  const text = { kind: 'map-value', map: l.session.addText(bytes), offset: 0 } as const;
  l.b.call('seq_printf', file, text, BigInt(bytes.length), stored(l, value), 8n);
}

function stored(l: Lowering, value: Operand): Address {
  const slot = l.b.onStack(8);
  l.b.store(8, slot, value);
  return slot;
}

const BITS: Readonly<Record<string, bigint>> = { hh: 8n, h: 16n, '': 32n };

/** To the size of C that the conversion names. */
function cut(l: Lowering, value: Operand, length: string, shift: 'rsh' | 'arsh'): Operand {
  const bits = BITS[length];
  if (bits === undefined) return value;
  return l.b.arithmetic(shift, l.b.arithmetic('lsh', value, 64n - bits), 64n - bits);
}
