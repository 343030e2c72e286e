/** The registers by name; `Register` in `instruction.ts` says what each is for. */

export const R0 = 0;
export const R1 = 1;
export const R2 = 2;
export const R3 = 3;
export const R4 = 4;
export const R5 = 5;
export const R6 = 6;
export const R7 = 7;
export const R8 = 8;
export const R9 = 9;
/** The read-only frame pointer; the stack lies below it. */
export const R10 = 10;
