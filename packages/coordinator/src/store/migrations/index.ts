/** Every change of the tables, in order; one that has been released is never edited. */
import { createSessions } from './001-sessions.ts';
import { createEvents } from './002-events.ts';
import { createMapPoints } from './003-map-points.ts';
import { createNames } from './004-names.ts';
import { createMapViews } from './005-map-views.ts';
import { addMergeMode } from './006-merge-mode.ts';
import { addSessionRequests } from './007-session-requests.ts';
import { addTypedArguments } from './008-typed-arguments.ts';
import { createMapRollups } from './009-map-rollups.ts';
import { createHostsSpansAudit } from './010-hosts-spans-audit.ts';
import { addTimes } from './011-times.ts';
import { addEventCodecs } from './012-event-codecs.ts';
import { addCorrelation } from './013-correlation.ts';
import { addAuditDetails } from './014-audit-details.ts';
import { createLibrary } from './015-library.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [
  createSessions,
  createEvents,
  createMapPoints,
  createNames,
  createMapViews,
  addMergeMode,
  addSessionRequests,
  addTypedArguments,
  createMapRollups,
  createHostsSpansAudit,
  addTimes,
  addEventCodecs,
  addCorrelation,
  addAuditDetails,
  createLibrary,
];
