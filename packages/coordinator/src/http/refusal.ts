/** A request that is answered with an error on purpose; everything else that is thrown is a fault of ours. */
import type { ApiError, ProgramRejected } from '@bpfleet/protocol';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: ApiError | ProgramRejected;
  /** After how many seconds it can be asked again, where that helps. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: ApiError | ProgramRejected, retryAfter?: number) {
    super(body.message);
    this.retryAfter = retryAfter;
    this.status = status;
    this.body = body;
  }
}

export function notFound(what: string): Refusal {
  return new Refusal(404, { code: 'not-found', message: `no ${what}` });
}
