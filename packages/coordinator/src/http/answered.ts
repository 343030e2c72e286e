/** Answers of the history, with what keeps it from one as an answer too. */
import { HistoryFault } from '../history/find-session.ts';
import { messageOf } from '../store/store-error.ts';
import { storeFault } from '../store/store-fault.ts';
import { Refusal } from './refusal.ts';

const STATUS = { 'not-found': 404, ambiguous: 409, invalid: 400 } as const;

/** A store that is away is no fault of ours, and neither is what is asked for and not there. */
export async function answered<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof HistoryFault) {
      throw new Refusal(STATUS[error.kind], { code: error.kind, message: error.message });
    }
    if (error instanceof TypeError || storeFault(error) === 'statement') throw error;
    const message = `the store does not answer: ${messageOf(error)}`;
    throw new Refusal(503, { code: 'store-away', message });
  }
}
