/** The library: admins add programs, and whoever may runs them. */
import { loadProgram, renderDiagnostics, Source } from '@bpfleet/lang';
import {
  containerFilterFault,
  LIBRARY_ROLES,
  type LibraryProgram,
  type LibraryRequest,
  type LibraryRun,
} from '@bpfleet/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { whoIs } from '../../auth/principal.ts';
import { mayDo } from '../../auth/role.ts';
import { libraryRunRequest, versionedName } from '../../library/library-run.ts';
import { declarationFault, ParameterError } from '../../library/parameters.ts';
import { programRejected } from '../../session/faults.ts';
import { programDigest } from '../../session/stored-session.ts';
import { answered } from '../answered.ts';
import type { Audit } from '../audit.ts';
import { requireRole } from '../guard.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { auditedOutcome, started } from './run-outcome.ts';
import { checkBody, runBody, who } from './session-bodies.ts';

/** Nobody else stops what a viewer has left behind. */
const MAX_VIEWER_MS = 10 * 60_000;

const named = {
  type: 'object',
  properties: { name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' } },
} as const;

const { program, sourceName, files, includes } = checkBody.properties;

const libraryBody = {
  type: 'object',
  required: ['program', 'sourceName', 'parameters', 'role'],
  additionalProperties: false,
  properties: {
    ...{ program, sourceName, files, includes },
    parameters: {
      type: 'array',
      maxItems: 64,
      items: {
        type: 'object',
        required: ['name', 'accepts'],
        properties: {
          name: { type: 'string', maxLength: 64 },
          accepts: { type: 'string', minLength: 1, maxLength: 1_024 },
        },
      },
    },
    role: { enum: LIBRARY_ROLES },
  },
} as const;

const {
  selector,
  armTimeoutMs,
  id,
  merge,
  atLeast,
  budget,
  containers,
  redact,
  durationMs,
  spans,
  joins,
} = runBody.properties;

const libraryRunBody = {
  type: 'object',
  required: ['values', 'selector', 'who'],
  // Least of all a program, or what changes one.
  additionalProperties: false,
  properties: {
    ...{
      selector,
      armTimeoutMs,
      id,
      merge,
      atLeast,
      budget,
      containers,
      redact,
      durationMs,
      spans,
      joins,
    },
    who,
    values: { type: 'object', maxProperties: 64, additionalProperties: { type: 'string' } },
    version: { type: 'integer', minimum: 1 },
  },
} as const;

const whoQuery = { type: 'object', properties: { who } } as const;

interface Named {
  readonly Params: { readonly name: string };
  readonly Querystring: { readonly who?: string };
}

export function libraryRoutes(
  app: FastifyInstance,
  { sessions, store }: Services,
  audit: Audit,
): void {
  /** Versions follow one another: each is made when the one before can be read. */
  let changing: Promise<unknown> = Promise.resolve();

  app.get('/v1/library', { config: { role: 'viewer' } }, async () =>
    (await answered(store.library.versions())).filter(({ removed }) => !removed),
  );

  app.get<Named>(
    '/v1/library/:name',
    { config: { role: 'viewer' }, schema: { params: named } },
    async ({ params }) => known(params.name),
  );

  app.put<Named & { Body: LibraryRequest }>(
    '/v1/library/:name',
    {
      config: { role: 'admin' },
      schema: { params: named, querystring: whoQuery, body: libraryBody },
    },
    async (request, reply) => {
      const { body } = request;
      refuseFaulty(body);
      return reply.status(201).send(await change(request, () => ({ ...body, removed: false })));
    },
  );

  app.delete<Named>(
    '/v1/library/:name',
    { config: { role: 'admin' }, schema: { params: named, querystring: whoQuery } },
    async (request) =>
      change(request, (newest) => {
        if (newest === undefined || newest.removed)
          throw notFound(`${request.params.name} in the library`);
        return { ...newest, removed: true };
      }),
  );

  app.post<Named & { Body: LibraryRun }>(
    '/v1/library/:name/run',
    { config: { role: 'viewer' }, schema: { params: named, body: libraryRunBody } },
    async (request, reply) => {
      const { body, params, principal } = request;
      const chosen = choose(await known(params.name), params.name, body.version);
      requireRole(request, chosen.role, `to run ${versionedName(chosen)} of the library`);
      const fault = containerFilterFault(body.containers ?? {});
      if (fault !== undefined) throw new Refusal(400, { code: 'bad-request', message: fault });
      const run = { ...withinRole(request, body), who: whoIs(principal, body.who) };
      const session = requestOf(chosen, run);
      const outcome = await sessions.run(session);
      const values = Object.entries(body.values).map(([name, value]) => `${name}=${value}`);
      await audit.note(request, {
        ...auditedOutcome(outcome),
        action: 'run',
        says: body.who,
        digest: chosen.digest,
        detail: [`library ${versionedName(chosen)}`, ...values, chosen.program].join('\n'),
      });
      return reply.status(201).send(started(outcome));
    },
  );

  /** Newest first, and not removed. */
  async function known(name: string): Promise<readonly LibraryProgram[]> {
    const versions = await answered(store.library.versions(name));
    if (versions[0]?.removed !== false) throw notFound(`${name} in the library`);
    return versions;
  }

  async function change(
    request: FastifyRequest<Named>,
    revise: (newest: LibraryProgram | undefined) => LibraryRequest & { readonly removed: boolean },
  ): Promise<LibraryProgram> {
    const { name } = request.params;
    const { who: says = '' } = request.query;
    const changed = changing.then(async () => {
      const [newest] = await answered(store.library.versions(name));
      const made = revise(newest);
      const added: LibraryProgram = {
        ...made,
        name,
        version: (newest?.version ?? 0) + 1,
        digest: programDigest(made.program),
        who: whoIs(request.principal, says),
        addedAtMs: Date.now(),
      };
      await answered(store.library.add(added));
      return added;
    });
    changing = changed.catch(() => undefined);
    const added = await changed;
    const outcome = `${added.removed ? 'removed' : 'added'} ${versionedName(added)} for ${added.role}s`;
    const { digest, program: detail } = added;
    await audit.note(request, { action: 'library', says, digest, detail, outcome });
    return added;
  }
}

/** @throws {Refusal} for what could not be run whatever the parameters are */
function refuseFaulty({
  program: text,
  sourceName: source,
  files: read,
  parameters,
}: LibraryRequest): void {
  const fault = declarationFault(parameters);
  if (fault !== undefined) throw new Refusal(400, { code: 'invalid-request', message: fault });
  const loaded = loadProgram(new Source(source, text), read);
  if (loaded.program !== undefined) return;
  const message = renderDiagnostics(loaded.diagnostics).trimEnd();
  throw new Refusal(422, programRejected([{ message, hosts: [] }]));
}

function choose(
  versions: readonly LibraryProgram[],
  name: string,
  version: number | undefined,
): LibraryProgram {
  const chosen =
    version === undefined ? versions[0] : versions.find((one) => one.version === version);
  if (chosen === undefined || chosen.removed) throw notFound(`${name}@${version} in the library`);
  return chosen;
}

/** What viewers run ends by itself, and takes what a host gives everybody. */
function withinRole(request: FastifyRequest, run: LibraryRun): LibraryRun {
  if (mayDo(request.principal.role, 'operator')) return run;
  if (run.budget !== undefined) requireRole(request, 'operator', 'a budget of its own');
  const { durationMs: asked = MAX_VIEWER_MS } = run;
  if (asked > MAX_VIEWER_MS) requireRole(request, 'operator', 'to run for more than 10 minutes');
  return { ...run, durationMs: asked };
}

function requestOf(chosen: LibraryProgram, run: LibraryRun): ReturnType<typeof libraryRunRequest> {
  try {
    return libraryRunRequest(chosen, run);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new Refusal(400, { code: 'invalid-parameter', message: error.message });
  }
}
