/**
 * Views for people: `maps_by_host` is the last window of each map on each host, and `maps_merged` adds the hosts up
 * by the key as it prints.
 */
import type { Migration } from './migration.ts';

export const createMapViews: Migration = {
  number: 5,
  name: 'map-views',
  statements: [
    `CREATE VIEW maps_by_host AS
      SELECT session, map, host, key, kind,
        sum(count) AS count, sum(total) AS total,
        min(extreme) AS min, max(extreme) AS max,
        sumMap(buckets) AS buckets, anyLast(text) AS text
      FROM map_points FINAL
      WHERE NOT deleted AND (session, map, host, epoch, window) IN (
        SELECT session, map, host, epoch, max(window)
        FROM map_points GROUP BY session, map, host, epoch)
      GROUP BY session, map, host, key, kind`,
    `CREATE VIEW maps_merged AS
      SELECT session, map, key, kind,
        sum(count) AS count, sum(total) AS total,
        if(kind = 'max', max(m.max), min(m.min)) AS extreme,
        if(kind IN ('avg', 'stats') AND sum(m.count) > 0, sum(m.total) / sum(m.count), NULL) AS average,
        sumMap(m.buckets) AS buckets, uniqExact(host) AS hosts
      FROM maps_by_host AS m
      GROUP BY session, map, key, kind`,
  ],
};
