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

// Whether there is a command of -c.
macro has_cpid()
{
  __builtin_cpid != 0
}

// Its process, or 0 and a warning.
macro cpid()
{
  if comptime (!has_cpid()) {
    warnf("No child command (\`-c\`); cpid is zero");
  }
  __builtin_cpid
}
`;
