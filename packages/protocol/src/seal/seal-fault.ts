/** Why a message that came over NATS is not taken. */

export type SealFaultKind =
  'not-sealed' | 'sealed' | 'damaged' | 'other-version' | 'other-key' | 'altered';

export class SealFault {
  readonly kind: SealFaultKind;
  /** One clause, to stand behind what could not be read. */
  readonly message: string;

  constructor(kind: SealFaultKind, message: string) {
    this.kind = kind;
    this.message = message;
  }
}
