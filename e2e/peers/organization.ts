// What tests of clients need in a hub: people and registered applications, made through the management API.
import assert from 'node:assert/strict';
import type { RunningHub } from './running-hub.ts';

export const password = 'correct horse battery staple';

/** What is read of the management API's answers. */
export interface Answered {
  id: string;
  appId: string;
  secretText: string;
  identifier: string;
  value: (Answered & { verifiedDomains: { name: string }[] })[];
}

export interface Registered {
  appId: string;
  objectId: string;
  servicePrincipalId: string;
  secret: string;
}

/** The tenant in which the hub's first administrator is. */
export class Organization {
  readonly #hub: RunningHub;
  readonly tenantId: string;
  readonly domain: string;

  private constructor(hub: RunningHub, tenantId: string, domain: string) {
    this.#hub = hub;
    this.tenantId = tenantId;
    this.domain = domain;
  }

  static async of(hub: RunningHub): Promise<Organization> {
    const { value } = await call(hub, 'GET', '/organization');
    const [first] = value;
    return new Organization(hub, first?.id ?? '', first?.verifiedDomains[0]?.name ?? '');
  }

  graph(method: string, path: string, body?: object): Promise<Answered> {
    return call(this.#hub, method, path, body);
  }

  /** Adds somebody, and returns the name to sign in with. */
  async person(displayName: string, attributes: object = {}): Promise<string> {
    const [mailNickname = ''] = displayName.toLowerCase().split(' ');
    const userPrincipalName = `${mailNickname}@${this.domain}`;
    const passwordProfile = { password, forceChangePasswordNextSignIn: false };
    const user = { userPrincipalName, displayName, mailNickname, accountEnabled: true, passwordProfile, ...attributes };
    await this.graph('POST', '/users', user);
    return userPrincipalName;
  }

  /** Registers an application that may sign in, with a secret. */
  async register(attributes: object): Promise<Registered> {
    const { id, appId } = await this.graph('POST', '/applications', { displayName: 'Peer', ...attributes });
    const { id: servicePrincipalId } = await this.graph('POST', '/servicePrincipals', { appId });
    const { secretText } = await this.graph('POST', `/applications/${id}/addPassword`, { passwordCredential: {} });
    return { appId, objectId: id, servicePrincipalId, secret: secretText };
  }

  /** Registers an API with delegated permissions, and consents to them for everybody. */
  async registerApi(uri: string, scopes: readonly string[], clients: readonly Registered[]): Promise<Registered> {
    const oauth2PermissionScopes = scopes.map((value) => ({
      id: crypto.randomUUID(),
      value,
      type: 'User',
      isEnabled: true,
      adminConsentDisplayName: value,
      adminConsentDescription: value,
    }));
    const api = await this.register({ displayName: 'API', identifierUris: [uri], api: { oauth2PermissionScopes } });
    for (const client of clients) await this.consent(client, api, scopes.join(' '));
    return api;
  }

  /** Consents for everybody that the client acts for people at the API. */
  async consent({ servicePrincipalId: clientId }: Registered, api: Registered, scope: string): Promise<void> {
    const consent = { clientId, consentType: 'AllPrincipals', resourceId: api.servicePrincipalId, scope };
    await this.graph('POST', '/oauth2PermissionGrants', consent);
  }
}

async function call({ origin, token }: RunningHub, method: string, path: string, body?: object): Promise<Answered> {
  const response = await fetch(`${origin}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return (response.status === 204 ? {} : await response.json()) as Answered;
}
