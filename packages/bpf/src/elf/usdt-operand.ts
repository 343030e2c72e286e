/** An operand of a USDT argument, whatever assembler it was written for. */

/** Where the value is. Registers have the names of the fields of the kernel's `struct pt_regs`. */
export type UsdtOperand =
  | {
      readonly kind: 'const';
      readonly value: bigint;
      /** Symbol whose address is added, in programs that are not moved when they are loaded. */
      readonly symbol?: string;
    }
  | {
      readonly kind: 'reg';
      readonly reg: string;
      /** Where the value starts in the register: 8 for `%ah` and its like, else 0. */
      readonly bitOffset: number;
    }
  | {
      readonly kind: 'memory';
      /** Base register; missing for an absolute address. `ip` goes with a symbol or a place in the file. */
      readonly reg?: string;
      readonly index?: string;
      /** What the index is multiplied by. */
      readonly scale: 1 | 2 | 4 | 8;
      readonly displacement: number;
      /** Symbol whose address is added; resolve it with the file's `SymbolTable`. */
      readonly symbol?: string;
    };
