# What dwz leaves in a program of `int take(struct couple *pair)`: names and types are in another file.
	.text
	.globl take
	.type take, @function
take:
	mov	4(%rdi), %eax
	ret
	.size take, .-take
	.globl main
	.type main, @function
main:
	xor	%eax, %eax
	ret
	.size main, .-main

	.section .debug_abbrev, "", @progbits
	.uleb128 1, 0x11	# compile unit with children
	.byte 1
	.uleb128 0x11, 0x01	# low_pc: addr
	.uleb128 0x12, 0x07	# high_pc: data8
	.uleb128 0x03, 0x1f21	# name: GNU_strp_alt
	.uleb128 0, 0
	.uleb128 2, 0x2e	# subprogram with children
	.byte 1
	.uleb128 0x03, 0x1f21
	.uleb128 0x11, 0x01
	.uleb128 0x12, 0x07
	.uleb128 0x49, 0x1f20	# type: GNU_ref_alt
	.uleb128 0, 0
	.uleb128 3, 0x05	# formal parameter
	.byte 0
	.uleb128 0x03, 0x1f21
	.uleb128 0x49, 0x13	# type: ref4
	.uleb128 0, 0
	.uleb128 4, 0x0f	# pointer
	.byte 0
	.uleb128 0x0b, 0x0b	# byte_size: data1
	.uleb128 0x49, 0x1f20
	.uleb128 0, 0
	.byte 0

	.section .debug_info, "", @progbits
unit:
	.long unit_end - unit_start
unit_start:
	.value 4
	.long .debug_abbrev
	.byte 8
	.uleb128 1
	.quad take
	.quad main - take
	.long 0			# "couples.c"
	.uleb128 2
	.long 10		# "take"
	.quad take
	.quad main - take
	.long TYPE_INT
	.uleb128 3
	.long 15		# "pair"
	.long pointer - unit
	.byte 0
pointer:
	.uleb128 4
	.byte 8
	.long TYPE_COUPLE
	.byte 0
unit_end:

	.section .gnu_debugaltlink, "", @progbits
	.asciz "common.debug"
	.byte 0xab, 0xcd, 0xef
	.section .note.GNU-stack, "", @progbits
