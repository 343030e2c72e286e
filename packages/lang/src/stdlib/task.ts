/** `stdlib/task.bt`: the processes and threads around the current one. */

export const TASK = `// Process id of the parent.
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
