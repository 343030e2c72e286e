/** `stdlib/task.bt`: the processes and threads around the current one. */

export const TASK = `// Name of another thread or process.
macro comm(arg_pid)
{
  let $pid = arg_pid;
  if comptime kfunc_allowed("bpf_task_from_pid") {
    let $name = __builtin_task_comm($pid, offsetof(struct task_struct, comm));
    if ($name == "") {
      warnf("No such process (pid=%d)", $pid);
      $name = "N/A";
    }
    $name
  } else {
    fail("Syntax comm(PID) is not supported in this probe type yet. Type: %s", probetype);
    ""
  }
}

// Process id of the parent.
macro ppid(task)
{
  task.real_parent.pid
}

macro ppid()
{
  ppid(curtask)
}

// Name of the parent.
macro pcomm(task)
{
  task.real_parent.comm
}

macro pcomm()
{
  pcomm(curtask)
}

// Thread id of the thread that the process began with.
macro leader_tid(task)
{
  task.group_leader.pid
}

macro leader_tid()
{
  leader_tid(curtask)
}

// Name of the thread that the process began with.
macro leader_comm(task)
{
  task.group_leader.comm
}

macro leader_comm()
{
  leader_comm(curtask)
}
`;
