// Clients, APIs and people of test tenants, made through the management API.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { microsoftGraphAppId, seedFirstPartyApplications } from '../../../src/applications/index.ts';
import type { Storage } from '../../../src/storage/index.ts';
import { actOfSystem } from '../../applications/act.ts';
import type { Bearer, GraphApi } from './graph-api.ts';

/** The request for a list that fits a filter. */
export const filtered = (collection: string, filter: string) =>
  `GET /${collection}?$filter=${encodeURIComponent(filter).replaceAll("'", '%27')}`;

export const idsOf = (answer: { body: { value: { id: string }[] } }) => answer.body.value.map(({ id }) => id);

const oauth2PermissionScopes = [
  {
    id: randomUUID(),
    value: 'Accounts.Read',
    type: 'User',
    isEnabled: true,
    adminConsentDisplayName: 'Read accounts',
    adminConsentDescription: 'Reads accounts',
  },
];

/** Makes them through this API, on this database. */
export function clientsAndApis(api: GraphApi, storage: Storage) {
  const createUser = async (who: Bearer, domain: string, name: string): Promise<string> => {
    const body = { userPrincipalName: `${name}@${domain}`, displayName: name, accountEnabled: true };
    return (await api.call(who, 'POST /users', body)).body.id;
  };

  /** An application with a service principal. */
  const createBoth = async (who: Bearer, body: { displayName: string; [property: string]: unknown }) => {
    const application = await api.call(who, 'POST /applications', body);
    assert.equal(application.status, 201, application.body.error?.message);
    const { id, appId } = application.body;
    const created = await api.call(who, 'POST /servicePrincipals', { appId, accountEnabled: true });
    assert.equal(created.status, 201, created.body.error?.message);
    return { applicationId: id as string, appId: appId as string, id: created.body.id as string };
  };

  /** A tenant with the first-party applications, a client and an API. */
  const insurance = async () => {
    const tenant = await api.makeTenant();
    await storage.write((stores) => seedFirstPartyApplications(stores, actOfSystem(tenant.tenantId)));
    const { admin } = tenant;
    const client = await createBoth(admin, { displayName: 'insurance-web' });
    const identifierUris = ['https://contoso.onmicrosoft.com/api'];
    const resource = await createBoth(admin, {
      displayName: 'insurance-api',
      identifierUris,
      api: { oauth2PermissionScopes },
    });
    const graph = await api.call(admin, `GET /servicePrincipals(appId='${microsoftGraphAppId}')`);
    return { ...tenant, client, resource, graphId: graph.body.id as string };
  };

  return { createUser, createBoth, insurance };
}
