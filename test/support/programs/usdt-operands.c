/* Once told to, fires USDT probes whose notes have operands of x86-64 in every form, each value known. */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "stages.h"

/* What an assembler may write is more than what a compiler happens to choose: the notes are written by hand. */
__asm__(
	".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
	".weak _.stapsdt.base\n"
	".hidden _.stapsdt.base\n"
	"_.stapsdt.base: .space 1\n"
	".size _.stapsdt.base, 1\n"
	".popsection\n"

	".macro probe name, operands\n"
	"990: nop\n"
	".pushsection .note.stapsdt,\"\",\"note\"\n"
	".balign 4\n"
	".4byte 992f-991f, 994f-993f, 3\n"
	"991: .asciz \"stapsdt\"\n"
	"992: .balign 4\n"
	"993: .8byte 990b, _.stapsdt.base, 0\n"
	".asciz \"forms\"\n"
	".asciz \"\\name\"\n"
	".asciz \"\\operands\"\n"
	"994: .balign 4\n"
	".popsection\n"
	".endm\n"

	/* Every part of the register is negative when it is signed. */
	".macro widths name, whole, half, word, byte\n"
	"mov %\\whole, saved(%rip)\n"
	"movabs $0xf1e2d3c4b5a69788, %\\whole\n"
	"probe width_\\name, \"8@%\\whole 4@%\\half 2@%\\word 1@%\\byte -8@%\\whole -4@%\\half -2@%\\word -1@%\\byte\"\n"
	"mov saved(%rip), %\\whole\n"
	".endm\n"
	".macro high name\n"
	"movabs $0xf1e2d3c4b5a69788, %r\\name\\()x\n"
	"probe high_\\name, \"1@%\\name\\()h -1@%\\name\\()h\"\n"
	".endm\n"

	".data\n"
	".balign 8\n"
	"saved: .quad 0\n"
	".quad -3\n"
	".globl table\n"
	".type table, @object\n"
	".size table, 40\n"
	"table: .quad 0x1111111111111111, 0x2222222222222222, 0x3333333333333333, -4, 0xfedcba9876543210\n"

	".text\n"
	".globl fire\n"
	".type fire, @function\n"
	"fire:\n"
	"push %rbp\n"
	"push %rbx\n"
	"push %r12\n"
	"push %r13\n"
	"push %r14\n"
	"push %r15\n"
	"widths ax, rax, eax, ax, al\n"
	"widths bx, rbx, ebx, bx, bl\n"
	"widths cx, rcx, ecx, cx, cl\n"
	"widths dx, rdx, edx, dx, dl\n"
	"widths si, rsi, esi, si, sil\n"
	"widths di, rdi, edi, di, dil\n"
	"widths bp, rbp, ebp, bp, bpl\n"
	".irp number, 8, 9, 10, 11, 12, 13, 14, 15\n"
	"widths r\\number, r\\number, r\\number\\()d, r\\number\\()w, r\\number\\()b\n"
	".endr\n"
	".irp letter, a, b, c, d\n"
	"high \\letter\n"
	".endr\n"
	"probe stack_pointer, \"8@%rsp 8@(%rsp) 8@-8(%rsp)\"\n"
	"probe constants, \"1@$255 -1@$-1 -2@$-300 2@$65535 4@$4294967295 -4@$-2147483648 "
	"8@$18446744073709551615 -8@$-9223372036854775808 8@$0x10 -4@$-0x10 8@$0\"\n"
	"lea table(%rip), %rdi\n"
	"mov $-1, %rcx\n"
	"mov $3, %r9\n"
	"mov %rdi, %rdx\n"
	"shr $3, %rdx\n"
	"probe base, \"8@(%rdi) 8@0(%rdi) 4@8(%rdi) -8@-8(%rdi) -1@24(%rdi) 2@+32(%rdi) 8@0x20(%rdi) -8@-0x8(%rdi)\"\n"
	"probe scaled, \"8@(%rdi,%r9,8) -8@(%rdi,%rcx,8) 8@-8(%rdi,%r9,8) 1@(%rdi,%r9) 1@(%rdi,%r9,1) "
	"2@10(%rdi,%r9,2) 4@20(%rdi,%r9,4) 8@(,%rdx,8) 8@8(,%rdx,8) 8@32( %rdi )\"\n"
	"probe relative, \"8@table(%rip) 8@table+8(%rip) -8@table-8(%rip) 4@32+table(%rip) -1@table+24(%rip)\"\n"
	"probe float, \"8f@%xmm0 4@$7\"\n"
	"pop %r15\n"
	"pop %r14\n"
	"pop %r13\n"
	"pop %r12\n"
	"pop %rbx\n"
	"pop %rbp\n"
	"ret\n"
	".size fire, . - fire\n"
#ifdef ABSOLUTE
	/* Addresses that are known when the program is linked: not in a program that may be loaded anywhere. */
	".globl fire_absolute\n"
	".type fire_absolute, @function\n"
	"fire_absolute:\n"
	"mov $2, %rcx\n"
	"probe absolute, \"8@table 8@table+8 8@table(,%rcx,8) 8@table-8(%rcx,%rcx,4) 8@$table\"\n"
	"ret\n"
	".size fire_absolute, . - fire_absolute\n"
#endif
);

void fire(void);
void fire_absolute(void);

int main(void)
{
	await_start();
	fire();
#ifdef ABSOLUTE
	fire_absolute();
#endif
	await_end();
	return 0;
}
