/** What a coordinator says of itself: in its entry of the bucket of coordinators, and through the API. */

export interface CoordinatorInfo {
  readonly version: 1;
  /** Its name among the others. */
  readonly id: string;
  /** Made anew by each process: tells two apart that were given the same id. */
  readonly process: string;
  /** Where its API listens, once it does. */
  readonly url?: string;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  /** It has given up what it owned. */
  readonly released?: boolean;
}
