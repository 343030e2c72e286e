/** `stdlib/fleet.bt`: where in a fleet a program runs. bpftrace has none of it, so programs' own names come first. */

export const FLEET = `// The name of this host.
macro host()
{
  __host
}

// The value of a label of this host; empty where it has none of that name.
macro label(name)
{
  __label(name)
}

// The container, or the unit of systemd, that the process is in; empty outside of any.
macro container()
{
  __container
}

// The Kubernetes pod that the process is in; empty outside of any.
macro pod()
{
  __pod
}

// The namespace of that pod.
macro namespace()
{
  __namespace
}
`;
