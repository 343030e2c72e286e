/** `bpfleet history export`: all of a session for other programs, written as it comes. */
import { open } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { ExportHead, MapItem, PageOptions, ShowOptions } from '@bpfleet/protocol';
import type { ApiClient } from '../../api-client.ts';
import { eventHeader, eventRow, pointHeader, pointRows } from '../../export/csv-export.ts';
import { flameGraph } from '../../export/flame-graph.ts';
import { countsStacks, foldedStacks, foldedText } from '../../export/folded-stacks.ts';
import { eventLine, headLine, pointLine, spanLine } from '../../export/json-export.ts';
import { PerfettoTrace } from '../../export/perfetto.ts';
import { UserError } from '../../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { rangeOf, withRangeFlags, type RangeFlags } from './range-flags.ts';

const FORMATS = ['json', 'csv', 'perfetto', 'folded', 'flamegraph'] as const;
type Format = (typeof FORMATS)[number];

const MOST_NAMED = 10;

interface ExportFlags extends CoordinatorFlags, RangeFlags {
  readonly format: Format;
  readonly output?: string;
  readonly host?: string;
  readonly map?: string;
  readonly maps?: boolean;
  readonly byHost?: boolean;
}

interface Source {
  readonly client: ApiClient;
  readonly id: string;
  readonly head: ExportHead;
  readonly page: PageOptions;
  readonly flags: ExportFlags;
}

/** Text in pieces, each as large as a page of what is stored. */
function piecesOf(source: Source): AsyncGenerator<string> {
  switch (source.flags.format) {
    case 'json':
      return asJson(source);
    case 'csv':
      return source.flags.maps === true ? mapsAsCsv(source) : eventsAsCsv(source);
    case 'perfetto':
      return asPerfetto(source);
    case 'folded':
    case 'flamegraph':
      return asStacks(source);
  }
}

async function* asJson({ client, id, head, page, flags }: Source): AsyncGenerator<string> {
  yield headLine(head);
  if (flags.maps !== true) {
    for await (const items of client.pages(id, 'events', page)) {
      yield items.map(eventLine).join('');
    }
    for await (const items of client.pages(id, 'spans', page)) yield items.map(spanLine).join('');
  }
  for await (const items of client.pages(id, 'points', page)) yield items.map(pointLine).join('');
}

async function* eventsAsCsv({ client, id, head, page }: Source): AsyncGenerator<string> {
  yield eventHeader(head);
  for await (const items of client.pages(id, 'events', page)) {
    yield items.map((event) => eventRow(event, head)).join('');
  }
}

async function* mapsAsCsv({ client, id, head, page }: Source): AsyncGenerator<string> {
  yield pointHeader();
  for await (const items of client.pages(id, 'points', page)) {
    yield items.map((point) => pointRows(point, head)).join('');
  }
}

async function* asPerfetto({ client, id, head, page }: Source): AsyncGenerator<string> {
  const trace = new PerfettoTrace(head);
  yield trace.begin();
  for await (const items of client.pages(id, 'spans', page)) {
    yield items.map((span) => trace.span(span)).join('');
  }
  for await (const items of client.pages(id, 'events', page)) {
    yield items.map((event) => trace.event(event)).join('');
  }
  yield trace.end();
}

async function* asStacks({ client, id, head, flags }: Source): AsyncGenerator<string> {
  const name = stackMap(head, flags.map);
  const item = await mapAtEnd(client, id, name, flags.byHost === true);
  const stacks = foldedStacks(item);
  if (flags.format === 'folded') {
    yield foldedText(stacks);
    return;
  }
  const unit = item.map.value.kind === 'count' ? 'counted' : item.map.value.kind;
  yield flameGraph(`${name} of session ${head.session.id}`, unit, stacks);
}

/** @throws UserError that says which maps there are */
function stackMap({ session, maps }: ExportHead, given: string | undefined): string {
  const names = maps.filter(countsStacks).map(({ name }) => name);
  const wanted = given === undefined || given.startsWith('@') ? given : `@${given}`;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const [only] = names;
  if (only === undefined) {
    throw new UserError(
      `session ${session.id} has no map that counts stacks, such as @[kstack] = count(): --format json or csv writes what it has`,
    );
  }
  if (wanted !== undefined) {
    throw new UserError(`${wanted} is no map that counts stacks: there is ${names.join(', ')}`);
  }
  if (names.length > 1) throw new UserError(`name one with --map: ${names.join(', ')}`);
  return only;
}

/** What is mistyped would make an export of nothing. @throws UserError */
function checkNames({ session, maps }: ExportHead, { host, map }: ExportFlags): void {
  const hosts = session.coverage.hosts.map((outcome) => outcome.host);
  if (host !== undefined && !hosts.includes(host)) {
    throw new UserError(`session ${session.id} had no host ${host}: ${someOf(hosts)}`);
  }
  const names = maps.map(({ name }) => name);
  if (map !== undefined && !names.includes(map) && !names.includes(`@${map}`)) {
    throw new UserError(`session ${session.id} has no map ${map}: ${someOf(names)}`);
  }
}

function someOf(names: readonly string[]): string {
  if (names.length === 0) return 'it has none';
  return `it has ${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ', …' : ''}`;
}

/** As the session left it; where that is nothing, as its last window with anything in it did. */
async function mapAtEnd(
  client: ApiClient,
  id: string,
  name: string,
  byHost: boolean,
): Promise<MapItem> {
  const kept: ShowOptions = { byHost, toNs: 0n };
  const parts: readonly ShowOptions[] = [kept, { byHost, window: 'last' }];
  for (const options of parts) {
    const { maps } = await client.historyOf(id, options);
    const found = maps.find(
      (item): item is MapItem => item.kind === 'map' && item.map.name === name,
    );
    if (found !== undefined && found.entries.length > 0) return found;
  }
  throw new UserError(`session ${id}: ${name} holds nothing`);
}

export function exportCommand(context: CommandContext): Command {
  const command = new Command('export')
    .description('write a session for other programs; perfetto is what ui.perfetto.dev opens')
    .argument('<id>', 'session, or the beginning of its id')
    .addOption(
      new Option(
        '-f, --format <format>',
        'json has everything, csv events or maps, folded and flamegraph stacks',
      )
        .choices(FORMATS)
        .default('json'),
    )
    .option('-o, --output <file>', 'write there instead of to standard output')
    .option('--host <name>', 'only of this host')
    .option('--map <map>', 'only this map, or which of several for folded and flamegraph')
    .option('--maps', 'of json and csv only the maps')
    .option('--by-host', 'of folded and flamegraph: the hosts apart')
    .action(async (id: string, flags: ExportFlags) => {
      const range = rangeOf(flags, Date.now());
      const client = await connect(flags, context);
      const head = await client.exportHead(id);
      const { host, map } = flags;
      checkNames(head, flags);
      const page: PageOptions = {
        limit: 10_000,
        ...range,
        ...(host !== undefined && { host }),
        ...(map !== undefined && { map: map.startsWith('@') ? map : `@${map}` }),
      };
      const pieces = piecesOf({ client, id: head.session.id, head, page, flags });
      if (flags.output === undefined) {
        for await (const piece of pieces) context.terminal.out(piece);
        return;
      }
      const file = await open(flags.output, 'w');
      try {
        for await (const piece of pieces) await file.writeFile(piece);
      } finally {
        await file.close();
      }
    });
  withRangeFlags(command, 'what was printed');
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history export s4f2c81 >session.jsonl',
    'bpfleet history export s4f --format csv --from 10:30 --to 10:35 -o events.csv',
    'bpfleet history export s4f --format perfetto -o trace.json',
    'bpfleet history export s4f --format flamegraph --map @stacks -o flame.svg',
  ]);
}
