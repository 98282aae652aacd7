/** A SCIM 2.0 service provider as a target (RFC 7644). It takes every answer for a claim that may be wrong. */
import {
  buildCreateRequest,
  buildDeleteRequest,
  buildGetRequest,
  buildListRequest,
  buildMemberPatches,
  buildPatchRequest,
  createRegistry,
  entraDialect,
  findResourceType,
  type JsonObject,
  type JsonValue,
  matchesFilter,
  type Outcome,
  parseFilter,
  parseValuePath,
  type ResourceType,
  readChanged,
  readCreated,
  readDeleted,
  readPage,
  resolveFilter,
  resolvePath,
  ScimError,
  type ScimRequest,
  type ScimResponse,
  scimMediaType,
} from '@countersign/scim';
import type { OutboundFetch } from '../../outbound/index.ts';
import type {
  Answer,
  MappedValue,
  Target,
  TargetDefinition,
  TargetFailure,
  TargetObject,
} from '../../provisioning/index.ts';
import { standardHabits, targetHabits } from './habits.ts';
import { changesOf, operationsBetween, withValues } from './resource-values.ts';
import { changedSince, remake, reverseChanges } from './reverse-changes.ts';

const registry = createRegistry();

/** Opens a target. What is wrong with address or token is told by the first answer. */
export function openScimTarget(
  fetch: OutboundFetch,
  definition: TargetDefinition,
  token: string | undefined,
  now: () => Date,
): Target {
  const habits = targetHabits[definition.dialect] ?? standardHabits;

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
        signal: AbortSignal.any([signal, AbortSignal.timeout(definition.timeoutSeconds * 1000)]),
      });
      const response = {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      };
      return answerOf(judge(response));
    } catch (error) {
      return { kind: 'failed', detail: messageOf(error) };
    }
  }

  const resourceOf = (type: ResourceType, current: TargetObject | undefined, values: readonly MappedValue[]) =>
    withValues(type, contentOf(current), values, habits.wantsPrimary);
  const readOptions = (type: ResourceType) =>
    type.name === 'Group' && habits.leavesOutMembers ? { excludedAttributes: ['members'] } : {};

  return {
    abilities: { membersPerRequest: habits.membersPerRequest },

    has(type, attribute) {
      try {
        return resolvePath(typeOf(type), parseValuePath(attribute, entraDialect).path) !== undefined;
      } catch {
        return false;
      }
    },

    async test(signal) {
      const request = buildListRequest(typeOf('User'), {
        filter: parseFilter('userName eq "countersign-connection-test"', entraDialect),
      });
      const page = { kind: 'index', startIndex: 1, count: 1 } as const;
      const answer = await ask(request, signal, (response) => readPage(typeOf('User'), page, response, now()));
      return answer.kind === 'done' ? { kind: 'done', value: undefined } : answer;
    },

    async find(typeName, attribute, value, signal) {
      const type = typeOf(typeName);
      const filter = parseFilter(`${attribute} eq ${JSON.stringify(value)}`, entraDialect);
      const page = { kind: 'index', startIndex: 1, count: 100 } as const;
      const request = buildListRequest(type, { filter, ...readOptions(type) });
      const answer = await ask(request, signal, (response) => readPage(type, page, response, now()));
      if (answer.kind !== 'done') return answer;
      // Interop: some servers ignore filters that they do not understand, and answer with everything.
      const resolved = resolveFilter(type, filter, entraDialect);
      const isMeant = (resource: JsonObject) =>
        matchesFilter(resolved, resource) || !Object.hasOwn(resource, attribute);
      return { kind: 'done', value: answer.value.resources.filter(isMeant).flatMap(objectOf) };
    },

    async read(typeName, id, signal) {
      const type = typeOf(typeName);
      const request = buildGetRequest(type, id, readOptions(type));
      const answer = await ask(request, signal, (response) => readChanged(type, id, response, now()));
      if (answer.kind !== 'done') return answer;
      const { resource } = answer.value;
      return resource === undefined
        ? { kind: 'malformed', detail: `The target has ${id} but did not show it.` }
        : { kind: 'done', value: { id, content: resource } };
    },

    compare(typeName, current, values) {
      const type = typeOf(typeName);
      const before = contentOf(current);
      return changesOf(type, before, operationsBetween(type, before, resourceOf(type, current, values)));
    },

    async create(typeName, values, signal) {
      const type = typeOf(typeName);
      const resource = resourceOf(type, undefined, values);
      const answer = await ask(buildCreateRequest(type, resource), signal, (response) =>
        readCreated(type, response, now()),
      );
      if (answer.kind !== 'done') return answer;
      const { id, resource: made } = answer.value;
      const strange = made && otherName(resource, made);
      if (strange)
        return { kind: 'malformed', detail: `The target was sent ${strange.sent} and answered about ${strange.got}.` };
      return { kind: 'done', value: { id, content: made ?? resource } };
    },

    async update(typeName, current, values, signal) {
      const type = typeOf(typeName);
      const before = contentOf(current);
      const operations = operationsBetween(type, before, resourceOf(type, current, values));
      if (operations.length === 0) return { kind: 'done', value: undefined };
      return patch(type, current.id, operations, signal);
    },

    changedSince: (typeName, current, changes) => changedSince(typeOf(typeName), contentOf(current), changes),

    reverse(typeName, current, changes) {
      const type = typeOf(typeName);
      return current ? reverseChanges(type, contentOf(current), changes) : remake(type, changes);
    },

    async setBack(typeName, current, { content }, signal) {
      const type = typeOf(typeName);
      const resource = content as JsonObject;
      if (!current) {
        const made = await ask(buildCreateRequest(type, resource), signal, (response) =>
          readCreated(type, response, now()),
        );
        return made.kind === 'done' ? { kind: 'done', value: made.value.id } : made;
      }
      const answer = await patch(type, current.id, operationsBetween(type, contentOf(current), resource), signal);
      return answer.kind === 'done' ? { kind: 'done', value: current.id } : answer;
    },

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

function typeOf(name: string): ResourceType {
  const type = findResourceType(registry, name);
  if (!type) throw new Error(`SCIM has no resource type ${name}.`);
  return type;
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

/** Why there is no answer, with the cause that `fetch` and TLS hide in it. */
function messageOf(error: unknown): string {
  if (error instanceof ScimError) return error.detail;
  if (!(error instanceof Error)) return 'There was no answer.';
  // Node tells of a signal by an error of its own, with the signal's reason as its cause.
  const isLate = [error, error.cause].some((one) => one instanceof Error && one.name === 'TimeoutError');
  return isLate ? 'There was no answer in time.' : error.message;
}
