/** One host of a fleet, and `bpfleet local`. */
export { runLocal } from './local/run-local.ts';
export type { ListRequest, LocalIo, LocalOptions, ProgramText } from './local/local-options.ts';
export type { Budget } from './governor/budget.ts';
export { BrokerError, type NatsAddress } from './nats/broker.ts';
export { inClusterApi } from './pods/kubernetes-api.ts';
export { PrivilegeError } from './privileges.ts';
export { startAgent, type Agent, type AgentOptions } from './supervisor/agent.ts';
export { AGENT_VERSION } from './version.ts';
