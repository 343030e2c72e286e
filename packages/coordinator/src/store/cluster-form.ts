/**
 * The tables on a cluster: each is a ReplicatedMergeTree on every shard (`NAME_local`) and a Distributed table over them
 * that has the plain name, so that questions and inserts read as those of one server. All rows that replace each other, and all
 * of one host in one session, are on one shard.
 */
import { StoreError } from './store-error.ts';
import type { StoreForm } from './store-form.ts';

/** Of all others the session and the host. */
const SHARDING: Readonly<Record<string, string>> = {
  migrations: 'number',
  sessions: 'sipHash64(id)',
  audit: 'sipHash64(who, at)',
  library: 'sipHash64(name)',
};
const SESSION_AND_HOST = 'sipHash64(session, host)';

/** The macros are the servers' own: `{shard}` and `{replica}` of their configuration. */
const KEEPER_PATH = '/clickhouse/tables/{shard}/{database}/{table}';
/** A batch that is sent again is among the last so many. */
const DEDUPLICATED_BLOCKS = 1_000;

const TABLE =
  /^\s*CREATE TABLE (?:IF NOT EXISTS )?(\w+) (\([^]*\))\s+ENGINE = (Replacing)?MergeTree(?:\((\w+)\))?\s+ORDER BY (\([^)]*\)|\w+)(?:\s+SETTINGS non_replicated_deduplication_window = \d+)?\s*$/;
const FILLING =
  /^\s*CREATE MATERIALIZED VIEW (?:IF NOT EXISTS )?(\w+) TO (\w+) AS\s+([^]*?)FROM (\w+)([^]*)$/;
const VIEW = /^\s*CREATE (OR REPLACE VIEW|VIEW)( IF NOT EXISTS)? (\w+) AS\s+([^]*)$/;
const DROPPED_VIEW = /^\s*DROP VIEW IF EXISTS (\w+)\s*$/;
const ALTERED = /^\s*ALTER TABLE (\w+)\s+([^]*)$/;
/** What changes rows or how long they stay, and not what the table looks like. */
const OF_ROWS = /^(?:DELETE|MODIFY TTL|REMOVE TTL)\b/;

/** @param cluster as the servers' configuration names it */
export function clusterForm(cluster: string): StoreForm {
  if (!/^[\w.-]{1,128}$/.test(cluster)) {
    throw new StoreError(`not the name of a cluster: ${cluster}`);
  }
  const on = `ON CLUSTER '${cluster}'`;
  return {
    spread: (statement) => spread(statement, cluster, on),
    rowsOf: (table) => `${table}_local`,
    caughtUp: (table) => [`SYSTEM SYNC REPLICA ${on} ${table}_local`],
    settings: {
      // An insert ends when all shards have their rows.
      distributed_foreground_insert: 1,
      // A question within a question is asked of all shards as well.
      distributed_product_mode: 'global',
      // A server that is down does not hold the others up; it does what it has missed when it is back.
      distributed_ddl_output_mode: 'null_status_on_timeout_only_active',
    },
  };
}

function spread(statement: string, cluster: string, on: string): readonly string[] {
  const table = TABLE.exec(statement);
  if (table !== null) {
    const [, name = '', columns = '', replacing = '', version, order = ''] = table;
    return tables({ name, columns, replacing, version, order }, cluster, on);
  }
  const filling = FILLING.exec(statement);
  if (filling !== null) {
    const [, name, to, select = '', from = '', where = ''] = filling;
    const rows = where.replaceAll(`${from}.`, `${from}_local.`);
    return [
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} ${on} TO ${to}_local AS ${select}FROM ${from}_local${rows}`,
    ];
  }
  const view = VIEW.exec(statement);
  if (view !== null) {
    const [, create, unless = '', name, select] = view;
    return [
      `CREATE ${create}${unless} ${name} ${on} AS ${select} SETTINGS distributed_product_mode = 'global'`,
    ];
  }
  const dropped = DROPPED_VIEW.exec(statement);
  if (dropped !== null) return [`DROP VIEW IF EXISTS ${dropped[1]} ${on}`];
  const altered = ALTERED.exec(statement);
  if (altered !== null) {
    const [, name, change = ''] = altered;
    const ofRows = `ALTER TABLE ${name}_local ${on} ${change}`;
    return OF_ROWS.test(change) ? [ofRows] : [ofRows, `ALTER TABLE ${name} ${on} ${change}`];
  }
  throw new StoreError(`no form on a cluster: ${statement}`);
}

interface TableParts {
  readonly name: string;
  readonly columns: string;
  readonly replacing: string;
  readonly version: string | undefined;
  readonly order: string;
}

function tables(
  { name, columns, replacing, version, order }: TableParts,
  cluster: string,
  on: string,
): readonly string[] {
  const engine = [`'${KEEPER_PATH}'`, "'{replica}'", ...(version === undefined ? [] : [version])];
  const sharding = SHARDING[name] ?? SESSION_AND_HOST;
  return [
    `CREATE TABLE IF NOT EXISTS ${name}_local ${on} ${columns}
    ENGINE = Replicated${replacing}MergeTree(${engine.join(', ')})
    ORDER BY ${order}
    SETTINGS replicated_deduplication_window = ${DEDUPLICATED_BLOCKS}`,
    `CREATE TABLE IF NOT EXISTS ${name} ${on} AS ${name}_local
    ENGINE = Distributed('${cluster}', currentDatabase(), '${name}_local', ${sharding})`,
  ];
}
