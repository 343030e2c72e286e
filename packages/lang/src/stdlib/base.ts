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

// Compares the first bytes of two values: 0 if they are the same,
// else below or above 0 as the first that differ are.
macro memcmp(left, right, count)
{
  let $left = left;
  let $right = right;
  let $difference : int32 = 0;
  for ($i : 0..((int64)count)) {
    $a = *((uint8*)&$left + $i);
    $b = *((uint8*)&$right + $i);
    if ($a != $b) {
      $difference = $a < $b ? -1 : 1;
      break;
    }
  }
  $difference
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
