/** Why bytes are not a frame. */
export class FrameError extends Error {
  override readonly name = 'FrameError';

  constructor(reason: string) {
    super(`decode frame: ${reason}`);
  }
}
