/** Pieces of hand-written eBPF that several kernel tests use. */
import {
  add,
  call,
  exit,
  type Instruction,
  jeq,
  jne,
  labelled,
  loadMap,
  mov,
  R0,
  R1,
  R10,
  R2,
  R7,
  rsh,
  st,
} from '@bpfleet/bpf/asm';

/** Goes to `end` unless the current process is this one. */
export function onlyPid(pid: number): Instruction[] {
  return [call('get_current_pid_tgid'), rsh.imm(R0, 32), jne.imm(R0, pid, 'end')];
}

/** r7 = address of element 0 of an array map; the word below the frame pointer is lost. */
export function elementZero(map: string): Instruction[] {
  return [
    st(4, R10, -4, 0),
    mov.reg(R2, R10),
    add.imm(R2, -4),
    loadMap(R1, map),
    call('map_lookup_elem'),
    jeq.imm(R0, 0, 'end'),
    mov.reg(R7, R0),
  ];
}

/** Ends a program whose other instructions go to `end`. */
export function end(): Instruction[] {
  return [labelled('end', mov.imm(R0, 0)), exit()];
}
