/** `stdlib/pointer.bt`: what the kernel does with pointers by macros of its own. */

export const POINTER = `// Whether a pointer of the kernel is an error number.
macro is_err(ptr)
{
  ((int64)ptr) < 0 && ((int64)ptr) >= (-4095)
}

// The struct that has the member to which the pointer points.
macro container_of(ptr, type, member)
{
  $address = (void*)ptr;
  (type*)($address - offsetof(type, member))
}
`;
