/** The version of this package, as `-V`, `--info` and heartbeats give it. */

export const AGENT_VERSION = '0.1.0';
