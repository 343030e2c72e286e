/**
 * A C structure on its way to the kernel: bytes, plus the places that hold pointers.
 *
 * Pointers stay references to JavaScript memory until the call is made. So the memory lives as long as the
 * structure does, and a fake kernel can follow a pointer without knowing addresses. Little endian, as both
 * supported architectures are.
 */

/** What a pointer inside a structure points to. */
export type PointerTarget = Uint8Array | KernelStruct;

export interface KernelPointer {
  readonly offsetBytes: number;
  readonly target: PointerTarget;
}

export class KernelStruct {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #pointers: KernelPointer[] = [];

  constructor(sizeBytes: number) {
    // A buffer of its own: V8 keeps small typed arrays on its moving heap, where an address does not last.
    const buffer = new ArrayBuffer(sizeBytes);
    this.bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  get pointers(): readonly KernelPointer[] {
    return this.#pointers;
  }

  u32(offsetBytes: number, value: number): this {
    this.#view.setUint32(offsetBytes, value, true);
    return this;
  }

  u64(offsetBytes: number, value: bigint): this {
    this.#view.setBigUint64(offsetBytes, value, true);
    return this;
  }

  /** Leaves a null pointer when there is no target. */
  pointer(offsetBytes: number, target: PointerTarget | undefined): this {
    if (target !== undefined) this.#pointers.push({ offsetBytes, target });
    return this;
  }

  /** Text in a field of fixed size, cut so that a NUL always follows it. */
  text(offsetBytes: number, sizeBytes: number, value: string): this {
    this.bytes.set(new TextEncoder().encode(value).subarray(0, sizeBytes - 1), offsetBytes);
    return this;
  }

  readU32(offsetBytes: number): number {
    return this.#view.getUint32(offsetBytes, true);
  }

  readU64(offsetBytes: number): bigint {
    return this.#view.getBigUint64(offsetBytes, true);
  }

  /** What the pointer at this offset points to; for fakes of the kernel. */
  targetAt(offsetBytes: number): PointerTarget | undefined {
    return this.#pointers.find((pointer) => pointer.offsetBytes === offsetBytes)?.target;
  }
}

/** The bytes of a C string, with its NUL. */
export function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
