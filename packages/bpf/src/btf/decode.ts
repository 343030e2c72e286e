/** One record of a BTF blob to a value. */
import { BtfError } from './btf-error.ts';
import {
  INT_BOOL,
  INT_CHAR,
  INT_SIGNED,
  KIND_ARRAY,
  KIND_CONST,
  KIND_DATASEC,
  KIND_DECL_TAG,
  KIND_ENUM,
  KIND_ENUM64,
  KIND_FLOAT,
  KIND_FUNC,
  KIND_FUNC_PROTO,
  KIND_FWD,
  KIND_INT,
  KIND_PTR,
  KIND_RESTRICT,
  KIND_STRUCT,
  KIND_TYPEDEF,
  KIND_TYPE_TAG,
  KIND_UNION,
  KIND_VAR,
  KIND_VOLATILE,
  RECORD_BYTES,
  flagOfInfo,
  kindOfInfo,
  vlenOfInfo,
} from './kind-code.ts';
import type { BtfInt, BtfLinkage, BtfMember, BtfParam, BtfType, TypeId } from './type.ts';

type StringAt = (offset: number) => string;

const linkages: readonly BtfLinkage[] = ['static', 'global', 'extern'];

/**
 * Decodes the record at byte `at`, whose extent the caller has checked.
 * @throws BtfError for an unknown kind.
 */
export function decodeType(view: DataView, at: number, id: TypeId, stringAt: StringAt): BtfType {
  const info = view.getUint32(at + 4, true);
  const vlen = vlenOfInfo(info);
  const name = stringAt(view.getUint32(at, true));
  // A size for the kinds that have one, else the id of the type referred to.
  const third = view.getUint32(at + 8, true);
  const tail = at + RECORD_BYTES;
  switch (kindOfInfo(info)) {
    case KIND_INT:
      return decodeInt(view.getUint32(tail, true), id, name, third);
    case KIND_PTR:
      return { kind: 'ptr', id, type: third };
    case KIND_ARRAY: {
      const element = view.getUint32(tail, true);
      return { kind: 'array', id, element, length: view.getUint32(tail + 8, true) };
    }
    case KIND_STRUCT:
    case KIND_UNION: {
      const kind = kindOfInfo(info) === KIND_STRUCT ? 'struct' : 'union';
      const members = decodeMembers(view, tail, vlen, flagOfInfo(info), stringAt);
      return { kind, id, name, sizeBytes: third, members };
    }
    case KIND_ENUM: {
      const signed = flagOfInfo(info);
      const values = entries(vlen, (index) => {
        const entry = tail + index * 8;
        const value = signed ? view.getInt32(entry + 4, true) : view.getUint32(entry + 4, true);
        return { name: stringAt(view.getUint32(entry, true)), value: BigInt(value) };
      });
      return { kind: 'enum', id, name, sizeBytes: third, signed, values };
    }
    case KIND_ENUM64: {
      const signed = flagOfInfo(info);
      const values = entries(vlen, (index) => {
        const entry = tail + index * 12;
        const value = signed
          ? view.getBigInt64(entry + 4, true)
          : view.getBigUint64(entry + 4, true);
        return { name: stringAt(view.getUint32(entry, true)), value };
      });
      return { kind: 'enum', id, name, sizeBytes: third, signed, values };
    }
    case KIND_FWD:
      return { kind: 'fwd', id, name, of: flagOfInfo(info) ? 'union' : 'struct' };
    case KIND_TYPEDEF:
      return { kind: 'typedef', id, name, type: third };
    case KIND_TYPE_TAG:
      return { kind: 'type_tag', id, name, type: third };
    case KIND_VOLATILE:
      return { kind: 'volatile', id, type: third };
    case KIND_CONST:
      return { kind: 'const', id, type: third };
    case KIND_RESTRICT:
      return { kind: 'restrict', id, type: third };
    case KIND_FUNC:
      return { kind: 'func', id, name, type: third, linkage: linkages[vlen] ?? 'extern' };
    case KIND_FUNC_PROTO:
      return {
        kind: 'func_proto',
        id,
        returnType: third,
        ...decodeParams(view, tail, vlen, stringAt),
      };
    case KIND_VAR: {
      const linkage = linkages[view.getUint32(tail, true)] ?? 'extern';
      return { kind: 'var', id, name, type: third, linkage };
    }
    case KIND_DATASEC: {
      const variables = entries(vlen, (index) => ({
        type: view.getUint32(tail + index * 12, true),
        offsetBytes: view.getUint32(tail + index * 12 + 4, true),
        sizeBytes: view.getUint32(tail + index * 12 + 8, true),
      }));
      return { kind: 'datasec', id, name, sizeBytes: third, variables };
    }
    case KIND_FLOAT:
      return { kind: 'float', id, name, sizeBytes: third };
    case KIND_DECL_TAG:
      return { kind: 'decl_tag', id, name, type: third, componentIndex: view.getInt32(tail, true) };
    default:
      throw new BtfError(`btf: unknown kind ${kindOfInfo(info)}`);
  }
}

function decodeInt(detail: number, id: TypeId, name: string, sizeBytes: number): BtfInt {
  const bits = detail & 0xff;
  const flags = detail >>> 24;
  const encoding =
    (flags & INT_BOOL) !== 0 ? 'bool' : (flags & INT_CHAR) !== 0 ? 'char' : 'integer';
  return { kind: 'int', id, name, sizeBytes, bits, signed: (flags & INT_SIGNED) !== 0, encoding };
}

/** With the struct's flag set, the upper byte of a member's offset is its width as a bit-field. */
function decodeMembers(
  view: DataView,
  at: number,
  vlen: number,
  hasBitfields: boolean,
  stringAt: StringAt,
): BtfMember[] {
  return entries(vlen, (index) => {
    const entry = at + index * 12;
    const offset = view.getUint32(entry + 8, true);
    return {
      name: stringAt(view.getUint32(entry, true)),
      type: view.getUint32(entry + 4, true),
      bitOffset: hasBitfields ? offset & 0xffffff : offset,
      bitSize: hasBitfields ? offset >>> 24 : 0,
    };
  });
}

/** A last parameter with neither name nor type stands for `...`. */
function decodeParams(
  view: DataView,
  at: number,
  vlen: number,
  stringAt: StringAt,
): { params: readonly BtfParam[]; variadic: boolean } {
  const params = entries(vlen, (index) => ({
    name: stringAt(view.getUint32(at + index * 8, true)),
    type: view.getUint32(at + index * 8 + 4, true),
  }));
  const last = params.at(-1);
  const variadic = last?.type === 0 && last.name === '';
  return { params: variadic ? params.slice(0, -1) : params, variadic };
}

function entries<T>(count: number, decode: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => decode(index));
}
