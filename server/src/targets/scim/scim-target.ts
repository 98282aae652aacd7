/** A SCIM 2.0 service provider as a target (RFC 7644). It takes every answer for a claim that may be wrong. */
import {
  buildCreateRequest,
  buildDeleteRequest,
  buildGetRequest,
  buildListRequest,
  buildMemberPatches,
  buildPatchRequest,
  entraDialect,
  type JsonObject,
  type JsonValue,
  matchesFilter,
  type Outcome,
  parseFilter,
  type ResourceType,
  readChanged,
  readCreated,
  readDeleted,
  readPage,
  readSchemas,
  resolveFilter,
  resolvePath,
  ScimError,
  type ScimRequest,
  type ScimResponse,
  scimMediaType,
} from '@countersign/scim';
import { ForbiddenAddressError, type OutboundFetch } from '../../outbound/index.ts';
import type {
  Answer,
  JobDefinition,
  MappedValue,
  Target,
  TargetFailure,
  TargetObject,
} from '../../provisioning/index.ts';
import { standardHabits, targetHabits } from './habits.ts';
import { mappedTypes, pathIn } from './mapped-types.ts';
import { changesOf, lossOf, operationsBetween, valueAt, withValues } from './resource-values.ts';
import { changedSince, remake, reverseChanges } from './reverse-changes.ts';

/** Opens a target. What is wrong with address or token is told by the first answer. */
export function openScimTarget(
  fetch: OutboundFetch,
  { target: definition, mappings }: Pick<JobDefinition, 'target' | 'mappings'>,
  token: string | undefined,
  now: () => Date,
): Target {
  const habits = targetHabits[definition.dialect] ?? standardHabits;
  let types = mappedTypes(mappings, []);
  const typeOf = (name: string) => types.named(name);
  /** Under way, or over, once it was asked for; a target without custom extensions is not asked. */
  let discovery: Promise<TargetFailure | undefined> | undefined;

  /** Sends a request and judges what comes back; no answer, or half of one, is a failure that may pass. */
  async function ask<Value>(
    request: ScimRequest,
    signal: AbortSignal,
    judge: (response: ScimResponse) => Outcome<Value>,
  ): Promise<Answer<Value>> {
    const { method, path, body, ifMatch } = request;
    try {
      const answer = await fetch(definition.baseUrl + path, {
        method,
        headers: {
          accept: scimMediaType,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': scimMediaType }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        body: body && JSON.stringify(body),
        signal,
        longest: definition.timeoutSeconds * 1000,
      });
      const response = {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      };
      return answerOf(judge(response));
    } catch (error) {
      return { kind: kindOf(error), detail: messageOf(error) };
    }
  }

  /**
   * Asks the target once for its schemas (RFC 7644 4), when mappings name any that are not standard.
   * Interop: a target need not tell; what fails for a while is asked for again.
   */
  async function discover(signal: AbortSignal): Promise<TargetFailure | undefined> {
    if (types.custom.size === 0) return undefined;
    const answer = await ask({ method: 'GET', path: '/Schemas' }, signal, (response) => readSchemas(response, now()));
    if (answer.kind === 'done') types = mappedTypes(mappings, answer.value);
    else if (answer.kind === 'busy' || answer.kind === 'failed') {
      discovery = undefined;
      return answer;
    }
    return undefined;
  }

  /** Works with a resource type as the target has it. */
  async function withType<Value>(
    name: string,
    signal: AbortSignal,
    work: (type: ResourceType) => Promise<Answer<Value>>,
  ): Promise<Answer<Value>> {
    discovery ??= discover(signal);
    return (await discovery) ?? work(typeOf(name));
  }

  /** What was compared is sent right afterwards. */
  const lately = new WeakMap<readonly MappedValue[], { current: TargetObject | undefined; resource: JsonObject }>();
  const resourceOf = (type: ResourceType, current: TargetObject | undefined, values: readonly MappedValue[]) => {
    const last = lately.get(values);
    if (last && last.current === current) return last.resource;
    const resource = withValues(type, contentOf(current), values, habits.wantsPrimary);
    lately.set(values, { current, resource });
    return resource;
  };
  const readOptions = (type: ResourceType) =>
    type.name === 'Group' && habits.leavesOutMembers ? { excludedAttributes: ['members'] } : {};

  return {
    abilities: { membersPerRequest: habits.membersPerRequest },

    has(type, attribute) {
      const path = pathIn(attribute);
      return path !== undefined && resolvePath(typeOf(type), path) !== undefined;
    },

    async test(signal) {
      const request = buildListRequest(typeOf('User'), {
        filter: parseFilter('userName eq "countersign-connection-test"', entraDialect),
      });
      const page = { kind: 'index', startIndex: 1, count: 1 } as const;
      const answer = await ask(request, signal, (response) => readPage(typeOf('User'), page, response, now()));
      return answer.kind === 'done' ? { kind: 'done', value: undefined } : answer;
    },

    find: (typeName, attribute, value, signal) =>
      withType(typeName, signal, async (type) => {
        const filter = parseFilter(`${attribute} eq ${JSON.stringify(value)}`, entraDialect);
        const page = { kind: 'index', startIndex: 1, count: 100 } as const;
        const request = buildListRequest(type, { filter, ...readOptions(type) });
        const answer = await ask(request, signal, (response) => readPage(type, page, response, now()));
        if (answer.kind !== 'done') return answer;
        // Interop: some servers ignore filters that they do not understand, and answer with everything.
        const resolved = resolveFilter(type, filter, entraDialect);
        const isMeant = (resource: JsonObject) =>
          matchesFilter(resolved, resource) || valueAt(type, resource, attribute) === undefined;
        return { kind: 'done', value: answer.value.resources.filter(isMeant).flatMap(objectOf) };
      }),

    isEmpty: (typeName, signal) =>
      withType(typeName, signal, async (type) => {
        const page = { kind: 'index', startIndex: 1, count: 1 } as const;
        const answer = await ask(buildListRequest(type, { page }), signal, (response) =>
          readPage(type, page, response, now()),
        );
        if (answer.kind !== 'done') return answer;
        const { resources, totalResults } = answer.value;
        return { kind: 'done', value: resources.length === 0 && totalResults === 0 };
      }),

    read: (typeName, id, signal) =>
      withType(typeName, signal, async (type) => {
        const request = buildGetRequest(type, id, readOptions(type));
        const answer = await ask(request, signal, (response) => readChanged(type, id, response, now()));
        if (answer.kind !== 'done') return answer;
        const { resource } = answer.value;
        return resource === undefined
          ? { kind: 'malformed', detail: `The target has ${id} but did not show it.` }
          : { kind: 'done', value: { id, content: resource } };
      }),

    compare(typeName, current, values) {
      const type = typeOf(typeName);
      const before = contentOf(current);
      return changesOf(type, before, operationsBetween(type, before, resourceOf(type, current, values)));
    },

    lossOf: (typeName, current) => lossOf(typeOf(typeName), contentOf(current)),

    create: (typeName, values, signal) =>
      withType(typeName, signal, async (type) => {
        const resource = resourceOf(type, undefined, values);
        const answer = await ask(buildCreateRequest(type, resource), signal, (response) =>
          readCreated(type, response, now()),
        );
        if (answer.kind !== 'done') return answer;
        const { id, resource: made } = answer.value;
        const strange = made && otherName(resource, made);
        if (strange) {
          const detail = `The target was sent ${strange.sent} and answered about ${strange.got}.`;
          return { kind: 'malformed', detail };
        }
        return { kind: 'done', value: { id, content: made ?? resource } };
      }),

    update: (typeName, current, values, signal) =>
      withType(typeName, signal, async (type) => {
        const before = contentOf(current);
        const operations = operationsBetween(type, before, resourceOf(type, current, values));
        if (operations.length === 0) return { kind: 'done', value: undefined };
        return patch(type, current.id, operations, signal);
      }),

    changedSince: (typeName, current, changes) => changedSince(typeOf(typeName), contentOf(current), changes),

    reverse(typeName, current, changes) {
      const type = typeOf(typeName);
      return current ? reverseChanges(type, contentOf(current), changes) : remake(type, changes);
    },

    setBack: (typeName, current, { content }, signal) =>
      withType(typeName, signal, async (type) => {
        const resource = content as JsonObject;
        if (!current) {
          const made = await ask(buildCreateRequest(type, resource), signal, (response) =>
            readCreated(type, response, now()),
          );
          return made.kind === 'done' ? { kind: 'done', value: made.value.id } : made;
        }
        const answer = await patch(type, current.id, operationsBetween(type, contentOf(current), resource), signal);
        return answer.kind === 'done' ? { kind: 'done', value: current.id } : answer;
      }),

    remove: (typeName, id, signal) =>
      ask(buildDeleteRequest(typeOf(typeName), id), signal, (response) => readDeleted(response, now())),

    async listMembers(groupId, signal) {
      if (!habits.tellsMembers) return { kind: 'done', value: null };
      const type = typeOf('Group');
      const request = buildGetRequest(type, groupId, { attributes: ['members'] });
      const answer = await ask(request, signal, (response) => readChanged(type, groupId, response, now()));
      if (answer.kind !== 'done') return answer;
      const members = answer.value.resource?.['members'];
      return { kind: 'done', value: (Array.isArray(members) ? members : []).flatMap(memberId) };
    },

    async changeMembers(groupId, change, signal) {
      for (const operations of buildMemberPatches(change, habits.membersPerRequest)) {
        const answer = await patch(typeOf('Group'), groupId, operations, signal);
        if (answer.kind !== 'done') return answer;
      }
      return { kind: 'done', value: undefined };
    },
  };

  async function patch(
    type: ResourceType,
    id: string,
    operations: Parameters<typeof buildPatchRequest>[2],
    signal: AbortSignal,
  ): Promise<Answer<undefined>> {
    const request = buildPatchRequest(type, id, operations);
    const answer = await ask(request, signal, (response) => readChanged(type, id, response, now()));
    return answer.kind === 'done' ? { kind: 'done', value: undefined } : answer;
  }
}

function contentOf(current: TargetObject | undefined): JsonObject {
  return (current?.content ?? {}) as JsonObject;
}

function objectOf(resource: JsonObject): TargetObject[] {
  const { id } = resource;
  return typeof id === 'string' ? [{ id, content: resource }] : [];
}

function memberId(member: JsonValue): string[] {
  const value = typeof member === 'object' && member !== null && !Array.isArray(member) ? member['value'] : undefined;
  return typeof value === 'string' ? [value] : [];
}

/** A name that the answer to a creation has and that is not the one that was sent. */
function otherName(sent: JsonObject, made: JsonObject): { sent: string; got: string } | undefined {
  for (const name of ['userName', 'displayName']) {
    const [wanted, got] = [sent[name], made[name]];
    if (typeof wanted !== 'string' || typeof got !== 'string') continue;
    if (wanted.toLowerCase() !== got.toLowerCase()) return { sent: wanted, got };
  }
  return undefined;
}

function answerOf<Value>(outcome: Outcome<Value>): Answer<Value> {
  if (outcome.kind === 'done') return outcome;
  if (outcome.kind === 'malformed') return { kind: 'malformed', detail: outcome.reason };
  const { status, scimType, detail } = outcome.error;
  const said = [`The target answered ${status}`, scimType, detail].filter(Boolean).join(': ');
  const retryAfterSeconds = outcome.kind === 'busy' ? outcome.retryAfterSeconds : undefined;
  return { kind: failures[outcome.kind], detail: said.slice(0, longestDetail), retryAfterSeconds };
}

const longestDetail = 1000;

/** What a refusal of SCIM means to the engine. A version that is out of date is read again at the next try. */
const failures: Record<Exclude<Outcome<never>['kind'], 'done' | 'malformed'>, TargetFailure['kind']> = {
  unauthorized: 'unauthorized',
  notFound: 'notFound',
  conflict: 'conflict',
  stale: 'failed',
  failed: 'failed',
  refused: 'refused',
  busy: 'busy',
};

/** A private address is refused by the hub itself, and every time. */
function kindOf(error: unknown): TargetFailure['kind'] {
  return error instanceof ForbiddenAddressError ? 'forbidden' : 'failed';
}

/** Why there is no answer, with the cause that `fetch` and TLS hide in it. */
function messageOf(error: unknown): string {
  if (error instanceof ScimError) return error.detail;
  if (!(error instanceof Error)) return 'There was no answer.';
  // Node tells of a signal by an error of its own, with the signal's reason as its cause.
  const isLate = [error, error.cause].some((one) => one instanceof Error && one.name === 'TimeoutError');
  return isLate ? 'There was no answer in time.' : error.message;
}
