/** Sends a generated week through the way that frames take from the stream into the store. */
import type { Store } from '../../packages/coordinator/src/store/store.ts';
import { framesOf, infoOf, SCHEMA, sessionId, type WeekShape } from './traced-week.ts';

export interface Recorded {
  readonly events: number;
  readonly points: number;
  readonly seconds: number;
}

export async function recordWeek(
  store: Store,
  shape: WeekShape,
  onSession: (session: number) => void,
): Promise<Recorded> {
  const started = performance.now();
  let events = 0;
  let points = 0;
  for (let session = 0; session < shape.sessions; session++) {
    const recorder = store.newRecorder(sessionId(session));
    let streamSequence = 0;
    for (const { header, frame } of framesOf(shape, session)) {
      streamSequence += 1;
      if (frame.kind === 'events') events += frame.records.length;
      if (frame.kind === 'map') points += frame.entries.length;
      await recorder.record({ header, frame, schema: SCHEMA, streamSequence });
    }
    const schemas = { bench: SCHEMA };
    await store.putSession({ info: infoOf(shape, session), schemas }, 1);
    onSession(session);
  }
  await store.flush();
  return { events, points, seconds: (performance.now() - started) / 1_000 };
}
