import type { Tenant } from '../../../directory/index.ts';
import type { HttpRequest } from '../../http.ts';
import { parametersOf } from '../parameters.ts';
import type { OAuthStores } from '../stores.ts';
import { tenantInToken } from '../tenant-in-token.ts';
import { isSharedName } from './parameters.ts';

/**
 * The tenant of a request: the one that its address names, and on a host that belongs to a tenant no other. Where the
 * address names none (`/common`, `/organizations`, `/adfs`) it is the host's, the only one that there is, or the one that
 * the request leads to.
 */
export async function findTenant(stores: OAuthStores, request: HttpRequest): Promise<Tenant | undefined> {
  const { tenants } = stores;
  const ofHost = await tenants.resolveHost(request.url.hostname);
  const { tenant: name } = request.parameters;
  if (name === undefined || isSharedName(name)) return ofHost ?? findUnnamed(stores, request);
  const named = await tenants.resolve(name);
  return ofHost && ofHost.id !== named?.id ? undefined : named;
}

async function findUnnamed(stores: OAuthStores, request: HttpRequest): Promise<Tenant | undefined> {
  const [only, second] = await stores.tenants.list(2);
  if (!second) return only;
  const parameters = parametersOf(request);
  for (const name of [
    ...tokenParameters.map((parameter) => tenantInToken(parameters.get(parameter) ?? '')),
    ...['id_token_hint', 'assertion'].map((parameter) => tenantClaim(parameters.get(parameter))),
    ...nameParameters.map((parameter) => domainOf(parameters.get(parameter))),
  ]) {
    const found = name && (await stores.tenants.resolve(name));
    if (found) return found;
  }
  return findHome(stores, parameters.get('client_id'));
}

const tokenParameters = ['code', 'refresh_token', 'device_code'];
const nameParameters = ['username', 'login_hint', 'domain_hint'];

/** The tenant that a token says it is of. It only chooses where the token is then verified. */
function tenantClaim(token: string | null): string | undefined {
  try {
    const { tid } = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());
    return typeof tid === 'string' ? tid : undefined;
  } catch {
    return undefined;
  }
}

/** The domain of a user's name. */
function domainOf(name: string | null): string | undefined {
  const domain = name?.slice(name.lastIndexOf('@') + 1);
  return domain?.includes('.') ? domain : undefined;
}

/** The tenant in which the application is registered, where it is only one. */
async function findHome({ tenants }: OAuthStores, appId: string | null): Promise<Tenant | undefined> {
  const homes = appId === null ? [] : await tenants.listHomes(appId, 2);
  return homes.length === 1 ? tenants.find(homes[0] ?? '') : undefined;
}
