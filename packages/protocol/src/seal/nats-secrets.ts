/** What a process is given to be let in by NATS, and to understand what it finds there. Plain data: runners get it too. */

export interface NatsSecrets {
  /** Text of its file of keys; absent where NATS is trusted with everything. */
  readonly keys?: string;
  /** Seed of its NATS user. */
  readonly nkey?: string;
  /** Text of a NATS credentials file, instead. */
  readonly credentials?: string;
  /** Certificates in PEM that the server's is checked against. */
  readonly ca?: string;
}
