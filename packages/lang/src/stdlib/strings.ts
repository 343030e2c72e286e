/** `stdlib/strings.bt`: what counts as text, and how much of it there can be. */

export const STRINGS = `// Refuses what is neither text nor characters.
macro assert_str(exp)
{
  if comptime (!is_str(exp)) {
    if comptime is_array(exp) {
      static_assert(typeinfo((exp[0])) == typeinfo(int8),
                    "string-like arrays must contain a char-like type");
    } else if comptime is_ptr(exp) {
      static_assert(typeinfo((exp[0])) == typeinfo(int8),
                    "string-like pointers must point to a char-like type");
    } else {
      fail("string-like values must be either strings, arrays or pointers");
    }
  }
}

// How long text of no known length may get.
macro default_str_length()
{
  sizeof(str((int8 *)0))
}

// How many characters there is room for; of a
// pointer, how many there are.
macro strcap(exp)
{
  assert_str(exp);
  if comptime is_str(exp) {
    sizeof(exp)
  } else if comptime is_array(exp) {
    sizeof(exp) / sizeof((exp[0]))
  } else {
    strlen(exp)
  }
}
`;
