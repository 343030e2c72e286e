/** `stdlib/meta.bt`: what is known of expressions while compiling. */

export const META = `// Refuses to compile the program unless the condition holds.
macro static_assert(cond, msg)
{
  if comptime (!cond) {
    fail(msg);
  }
}
`;
