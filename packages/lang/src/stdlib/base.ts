/** `stdlib/base.bt`: checks at run time. Lines are counted: what fails here says where. */

export const BASE = `// Ends the whole session with exit code 1
// unless the condition holds.
macro assert(cond, msg)
{
  if (!cond) {
    errorf("assert failed: %s", msg);
    exit(1);
  }
}
`;
