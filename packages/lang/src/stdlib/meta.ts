/** `stdlib/meta.bt`: what is known of expressions while compiling. */

export const META = `// What an expression is, by the name of its type.
macro is_str(expr)
{
  typeinfo(expr).base_type == "string"
}

macro is_ptr(expr)
{
  typeinfo(expr).base_type == "pointer"
}

macro is_array(expr)
{
  typeinfo(expr).base_type == "array"
}

macro is_integer(expr)
{
  typeinfo(expr).base_type == "int"
}

// Types without a sign begin with u.
macro is_unsigned_integer(expr)
{
  is_integer(expr) && typeinfo(expr).full_type[0] == "u"[0]
}

// Refuses to compile the program unless the condition holds.
macro static_assert(cond, msg)
{
  if comptime (!cond) {
    fail(msg);
  }
}
`;
