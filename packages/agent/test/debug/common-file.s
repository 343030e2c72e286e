# The file that dwz moved common parts to: text, and the types `int` and `struct couple`.
	.section .debug_str, "", @progbits
	.asciz "couples.c"
	.asciz "take"
	.asciz "pair"
	.asciz "int"		# 20
	.asciz "couple"		# 24
	.asciz "left"		# 31
	.asciz "right"		# 36

	.section .debug_abbrev, "", @progbits
	.uleb128 1, 0x3c	# partial unit with children
	.byte 1
	.uleb128 0, 0
	.uleb128 2, 0x24	# base type
	.byte 0
	.uleb128 0x03, 0x0e	# name: strp
	.uleb128 0x0b, 0x0b	# byte_size: data1
	.uleb128 0x3e, 0x0b	# encoding: data1
	.uleb128 0, 0
	.uleb128 3, 0x13	# structure with children
	.byte 1
	.uleb128 0x03, 0x0e
	.uleb128 0x0b, 0x0b
	.uleb128 0, 0
	.uleb128 4, 0x0d	# member
	.byte 0
	.uleb128 0x03, 0x0e
	.uleb128 0x49, 0x13	# type: ref4
	.uleb128 0x38, 0x0b	# data_member_location: data1
	.uleb128 0, 0
	.byte 0

	.section .debug_info, "", @progbits
unit:
	.long unit_end - unit_start
unit_start:
	.value 4
	.long 0
	.byte 8
	.uleb128 1
	.globl TYPE_INT
TYPE_INT:
	.uleb128 2
	.long 20
	.byte 4, 5
	.globl TYPE_COUPLE
TYPE_COUPLE:
	.uleb128 3
	.long 24
	.byte 8
	.uleb128 4
	.long 31
	.long TYPE_INT - unit
	.byte 0
	.uleb128 4
	.long 36
	.long TYPE_INT - unit
	.byte 4
	.byte 0
	.byte 0
unit_end:

	.section .note.gnu.build-id, "a", @note
	.long 4, 3, 3
	.asciz "GNU"
	.byte 0xab, 0xcd, 0xef, 0
