import type { DirectoryObject, ObjectStore } from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';

type MemberGroupsCall = Call & { body: { securityEnabledOnly: boolean } };
type CheckMemberGroupsCall = Call & { body: { groupIds: string[] } };

/** Answers the ids of all groups that contain the object, directly or through others. */
export async function answerMemberGroups(call: MemberGroupsCall, id: string): Promise<Answer> {
  return answerIds(call, await memberGroups(call, id));
}

/** The same with the administrative roles that the object holds. */
export async function answerMemberObjects(call: MemberGroupsCall, id: string): Promise<Answer> {
  const groupIds = await memberGroups(call, id);
  // Interop: Microsoft Graph leaves out roles, too, when only security groups are asked for.
  if (call.body.securityEnabledOnly) return answerIds(call, groupIds);
  const principalIds = [id, ...groupIds];
  const assignments = await call.storage.read.directoryRoles.list(call.tenantId, { principalIds });
  return answerIds(call, [...new Set([...groupIds, ...assignments.map(({ roleId }) => roleId)])]);
}

/** Answers which of the named groups contain the object, directly or through others. */
export async function answerCheckedGroups(call: CheckMemberGroupsCall, id: string): Promise<Answer> {
  const among = call.body.groupIds.map((groupId) => groupId.toLowerCase());
  return answerIds(call, await call.storage.read.links.listTransitiveGroupIds(call.tenantId, id, among));
}

async function memberGroups(call: MemberGroupsCall, id: string): Promise<string[]> {
  const { links, objects } = call.storage.read;
  const ids = await links.listTransitiveGroupIds(call.tenantId, id);
  return call.body.securityEnabledOnly ? onlySecurityGroups(objects, call.tenantId, ids) : ids;
}

async function onlySecurityGroups(objects: ObjectStore, tenantId: string, ids: string[]): Promise<string[]> {
  const isSecurityGroup = ({ attributes }: DirectoryObject) => attributes['securityEnabled'] === true;
  return (await objects.findMany(tenantId, ids)).filter(isSecurityGroup).map(({ id }) => id);
}

function answerIds(call: Pick<Call, 'baseUrl'>, value: string[]): Answer {
  return { body: { '@odata.context': `${call.baseUrl}/$metadata#Collection(Edm.String)`, value } };
}
