import { appRoleAssignment, type appRoleAssignmentOperations } from '@countersign/management-api';
import {
  type AppRoleAssignment,
  type AppRoleAssignmentInput,
  type AppRoleAssignmentQuery,
  assignAppRole,
  getAppRoleAssignment,
  getServicePrincipal,
  removeAppRoleAssignment,
} from '../../../applications/index.ts';
import { getObject, groupKind } from '../../../directory/index.ts';
import { checkMayGiveRolesOf } from '../administrators.ts';
import { answerResource } from '../answer-resource.ts';
import type { Answer, Call, CallWithId, Handlers } from '../call.ts';
import { equalities } from '../equalities.ts';
import { badRequest, notFound } from '../error.ts';
import { kindName } from '../kind-name.ts';
import { filteredIds, idOf } from '../object-id.ts';
import { answerPage, cutPage, requestedPage } from '../pages.ts';
import { pick, type Shown } from '../resource-view.ts';
import { servicePrincipalOf } from '../service-principal-of.ts';
import { userOf } from '../user-of.ts';

/** The end of an assignment that the path names, and the id that stands there. */
type Side = { principalId: string } | { resourceId: string };

type CallToCreate = CallWithId & { body: AppRoleAssignmentInput };
type CallWithAssignmentId = CallWithId & { parameters: { assignmentId: string } };

/** https://learn.microsoft.com/graph/api/resources/approleassignment */
export const appRoleAssignmentHandlers = {
  listServicePrincipalAppRoleAssignments: async (call) => list(call, await asPrincipal(call)),
  createServicePrincipalAppRoleAssignment: async (call) => create(call, await asPrincipal(call)),
  getServicePrincipalAppRoleAssignment: async (call) => get(call, await asPrincipal(call)),
  deleteServicePrincipalAppRoleAssignment: async (call) => remove(call, await asPrincipal(call)),
  listAppRoleAssignedTo: async (call) => list(call, await asResource(call)),
  createAppRoleAssignedTo: async (call) => create(call, await asResource(call)),
  getAppRoleAssignedTo: async (call) => get(call, await asResource(call)),
  deleteAppRoleAssignedTo: async (call) => remove(call, await asResource(call)),
  listUserAppRoleAssignments: async (call) => list(call, await asUser(call)),
  createUserAppRoleAssignment: async (call) => create(call, await asUser(call)),
  deleteUserAppRoleAssignment: async (call) => remove(call, await asUser(call)),
  listGroupAppRoleAssignments: async (call) => list(call, await asGroup(call)),
  createGroupAppRoleAssignment: async (call) => create(call, await asGroup(call)),
  deleteGroupAppRoleAssignment: async (call) => remove(call, await asGroup(call)),
} satisfies Handlers<typeof appRoleAssignmentOperations>;

async function asPrincipal(call: CallWithId): Promise<Side> {
  return { principalId: (await servicePrincipalOf(call)).id };
}

async function asResource(call: CallWithId): Promise<Side> {
  return { resourceId: (await servicePrincipalOf(call)).id };
}

async function asUser(call: CallWithId): Promise<Side> {
  return { principalId: (await userOf(call)).id };
}

async function asGroup(call: CallWithId): Promise<Side> {
  return { principalId: (await getObject(call.storage.read, call.tenantId, groupKind, idOf(call.parameters.id))).id };
}

async function list(call: Call, side: Side): Promise<Answer> {
  const { limit, after } = requestedPage(call);
  const { principalId, ...query } = { ...filteredBy(call), ...side };
  const wanted: AppRoleAssignmentQuery = {
    ...query,
    ...(principalId !== undefined && { principalIds: [principalId] }),
  };
  const found = await call.storage.read.appRoleAssignments.list(call.tenantId, wanted, limit + 1, after?.id);
  const page = cutPage(found, limit);
  const show = pick(appRoleAssignment, call.query.select);
  const items = (await viewsOf(call, page.items)).map(show);
  return answerPage(call, 'appRoleAssignments', { ...page, items });
}

async function create(call: CallToCreate, side: Side): Promise<Answer> {
  const { appRoleId, principalId, resourceId } = call.body;
  const input = { appRoleId, principalId: idOf(principalId), resourceId: idOf(resourceId) };
  for (const [name, id] of Object.entries(side)) {
    const given = input[name as keyof typeof input];
    if (given !== id) throw badRequest(`The ${name} ${given} is not that of the address.`);
  }
  checkMayGiveRolesOf(call, await getServicePrincipal(call.storage.read, call.tenantId, input.resourceId));
  const created = await call.storage.write((stores) => assignAppRole(stores, call.act, input));
  return answer(call, created);
}

async function get(call: CallWithAssignmentId, side: Side): Promise<Answer> {
  return answer(call, await assignmentOf(call, side));
}

async function remove(call: CallWithAssignmentId, side: Side): Promise<Answer> {
  const { id } = await assignmentOf(call, side);
  await call.storage.write((stores) => removeAppRoleAssignment(stores, call.act, id));
  return {};
}

/** The assignment that the path names, when it is one of the object that the path names. */
async function assignmentOf(call: CallWithAssignmentId, side: Side): Promise<AppRoleAssignment> {
  const { assignmentId } = call.parameters;
  const found = await getAppRoleAssignment(call.storage.read, call.tenantId, idOf(assignmentId));
  const isOf = 'principalId' in side ? found.principalId === side.principalId : found.resourceId === side.resourceId;
  if (!isOf) throw notFound(assignmentId);
  return found;
}

function filteredBy(call: Call): { appRoleId?: string; principalId?: string; resourceId?: string } {
  return filteredIds(equalities(call.query.filter, ['appRoleId', 'principalId', 'resourceId']));
}

async function answer(call: Call, assignment: AppRoleAssignment): Promise<Answer> {
  const [view = {}] = await viewsOf(call, [assignment]);
  return answerResource(call, appRoleAssignment, 'appRoleAssignments', view);
}

/** Assignments with the names of both ends; null for one that is among the deleted items. */
async function viewsOf(call: Call, assignments: readonly AppRoleAssignment[]): Promise<Shown[]> {
  const ids = assignments.flatMap(({ principalId, resourceId }) => [principalId, resourceId]);
  const objects = await call.storage.read.objects.findMany(call.tenantId, ids);
  const names = new Map(objects.map(({ id, attributes }) => [id, attributes['displayName']]));
  return assignments.map(({ id, appRoleId, principalId, principalKind, resourceId, createdAt }) => ({
    id,
    appRoleId,
    createdDateTime: createdAt.toISOString(),
    principalDisplayName: names.get(principalId),
    principalId,
    principalType: kindName(principalKind),
    resourceDisplayName: names.get(resourceId),
    resourceId,
  }));
}
