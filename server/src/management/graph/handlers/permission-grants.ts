import { oauth2PermissionGrant, type permissionGrantOperations } from '@countersign/management-api';
import {
  changePermissionGrant,
  getPermissionGrant,
  grantPermission,
  type PermissionGrant,
  type PermissionGrantQuery,
  revokePermissionGrant,
} from '../../../applications/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { Answer, Call, Handlers } from '../call.ts';
import { equalities } from '../equalities.ts';
import { unsupportedQuery } from '../error.ts';
import { filteredIds, idOf } from '../object-id.ts';
import { answerPage, cutPage, requestedPage } from '../pages.ts';
import { pick, type Shown } from '../resource-view.ts';
import { servicePrincipalOf } from '../service-principal-of.ts';
import { userOf } from '../user-of.ts';

const collection = 'oauth2PermissionGrants';

/** https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export const permissionGrantHandlers = {
  listOauth2PermissionGrants: (call) => listGrants(call, {}),
  createOauth2PermissionGrant: async (call) => {
    const { clientId, resourceId, principalId, scope } = call.body;
    const input = {
      clientId: idOf(clientId),
      resourceId: idOf(resourceId),
      principalId: principalId == null ? null : idOf(principalId),
      scope: scope ?? '',
    };
    const created = await call.storage.write((stores) => grantPermission(stores, call.act, input));
    return answerResource(call, oauth2PermissionGrant, collection, grantView(created));
  },
  getOauth2PermissionGrant: async (call) => {
    const grant = await getPermissionGrant(call.storage.read, call.tenantId, idOf(call.parameters.id));
    return answerResource(call, oauth2PermissionGrant, collection, grantView(grant));
  },
  updateOauth2PermissionGrant: async (call) => {
    const { scope } = call.body;
    await call.storage.write((stores) => changePermissionGrant(stores, call.act, idOf(call.parameters.id), scope));
    return {};
  },
  deleteOauth2PermissionGrant: async (call) => {
    await call.storage.write((stores) => revokePermissionGrant(stores, call.act, idOf(call.parameters.id)));
    return {};
  },
  listServicePrincipalOauth2PermissionGrants: async (call) =>
    listGrants(call, { clientId: (await servicePrincipalOf(call)).id }),
  listUserOauth2PermissionGrants: async (call) => listGrants(call, { principalId: (await userOf(call)).id }),
} satisfies Handlers<typeof permissionGrantOperations>;

/** Answers the grants of which the path names a party, and the filter others. */
async function listGrants(call: Call, of: PermissionGrantQuery): Promise<Answer> {
  const { limit, after } = requestedPage(call);
  const show = pick(oauth2PermissionGrant, call.query.select);
  const wanted = { ...filteredBy(call), ...of };
  const found = await call.storage.read.permissionGrants.list(call.tenantId, wanted, limit + 1, after?.id);
  const page = cutPage(found, limit);
  return answerPage(call, collection, { ...page, items: page.items.map((grant) => show(grantView(grant))) });
}

function filteredBy(call: Call): PermissionGrantQuery {
  const { consentType, ...ids } = equalities(call.query.filter, [
    'clientId',
    'consentType',
    'principalId',
    'resourceId',
  ]);
  const query = filteredIds(ids);
  if (consentType === undefined) return query;
  if (consentType !== 'AllPrincipals' || 'principalId' in query) {
    throw unsupportedQuery("Of consentType, only eq 'AllPrincipals' without a principalId is supported.");
  }
  return { ...query, principalId: null };
}

function grantView({ id, clientId, resourceId, principalId, scope }: PermissionGrant): Shown {
  const consentType = principalId === null ? 'AllPrincipals' : 'Principal';
  return { id, clientId, consentType, principalId, resourceId, scope };
}
