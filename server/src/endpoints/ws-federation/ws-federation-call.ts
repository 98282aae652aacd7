import {
  type PassiveRequest,
  parsePassiveRequest,
  type WsFederationRefusal,
  wsFederationRefusals,
} from '@countersign/ws-federation';
import type { ApplicationStores } from '../../applications/index.ts';
import type { Act } from '../../audit/index.ts';
import type { BrandingStore } from '../../branding/index.ts';
import type { Tenant, TenantStore } from '../../directory/index.ts';
import { entityIdOf, type IssueClaims, type KeyRing, type RedeemableStores } from '../../issuance/index.ts';
import type { SignInAct, SignInWriting } from '../../sign-in/index.ts';
import type { HttpRequest } from '../http.ts';
import { type RefusedTraces, Tracing } from '../sign-in/index.ts';
import type { SignOut } from '../sign-out/index.ts';

/** Everything that the endpoint reads and writes. */
type WsFederationStores = SignInWriting & ApplicationStores & RedeemableStores & { branding: BrandingStore };

/** What the endpoint needs from outside. */
export interface WsFederationOptions {
  storage: {
    readonly read: WsFederationStores;
    write<Result>(work: (stores: WsFederationStores) => Promise<Result>): Promise<Result>;
  };
  keys: KeyRing;
  issueClaims: IssueClaims;
  /** Tells the applications of a session, whatever their protocols, that it has ended. */
  signOut: SignOut;
  /** Where the hub is reached: the names of issuers are made from it. */
  publicUrl: URL;
  now: () => Date;
  newId: () => string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
  randomBytes: (length: number) => Uint8Array;
}

/** The same, with what the endpoint keeps of former requests. */
export type WsFederationParts = WsFederationOptions & { refusedTraces: RefusedTraces };

/** One request to the endpoint of a tenant. */
export interface WsFederationCall {
  options: WsFederationParts;
  request: HttpRequest;
  tenant: Tenant;
  /** The tenant's name as an issuer. */
  entityId: string;
  act: SignInAct;
  tracing: Tracing;
}

/** Undefined: the address leads to no tenant. `domain` is what the request says of where the person is at home. */
export async function openCall(
  options: WsFederationParts,
  request: HttpRequest,
  { name, domain }: { name: 'WS-Federation' | 'WS-Trust'; domain: string },
): Promise<WsFederationCall | undefined> {
  const tenant = await findTenant(options.storage.read.tenants, request, domain);
  if (!tenant) return undefined;
  request.admitTenant(tenant.id);
  const { now, newId, newSecret, publicUrl } = options;
  const actor: Act['actor'] = { kind: 'system', id: null, name };
  const act = { tenantId: tenant.id, actor, now: now(), correlationId: request.requestId, newId, newSecret };
  const tracing = new Tracing(name === 'WS-Trust' ? 'wsTrust' : 'wsFederation', act);
  return { options, request, tenant, act, entityId: entityIdOf(publicUrl, tenant.id), tracing };
}

/**
 * The tenant that the address names, on a host that belongs to a tenant no other. AD FS's address names none: there it is
 * the host's, the only one, or that of the domain.
 */
async function findTenant(
  tenants: TenantStore,
  { url, parameters }: HttpRequest,
  domain: string,
): Promise<Tenant | undefined> {
  const ofHost = await tenants.resolveHost(url.hostname);
  const { tenant: name } = parameters;
  if (name !== undefined) {
    const named = await tenants.resolve(name);
    return ofHost && ofHost.id !== named?.id ? undefined : named;
  }
  if (ofHost) return ofHost;
  const [only, second] = await tenants.list(2);
  return second ? tenants.resolve(domain) : only;
}

/** Keeps what the request went through until it was refused. */
export async function keepRefusal(
  { options, tenant, act, tracing }: WsFederationCall,
  error: Parameters<Tracing['failed']>[0],
): Promise<void> {
  tracing.failed(error);
  await options.refusedTraces.keep(tenant.id, tracing.trace, act.now);
}

/** Notes that the request has passed these checks. */
export function passed({ tracing }: WsFederationCall, ...checks: WsFederationRefusal[]): void {
  for (const check of checks) tracing.passed(check, wsFederationRefusals[check].spec);
}

const fieldNames = ['wa', 'wtrealm', 'wreply', 'wctx', 'whr', 'wfresh', 'wauth', 'prompt'];

/** Reads what the request asks for, from its query or its form. @throws WsFederationError */
export function readPassiveRequest(request: HttpRequest): PassiveRequest {
  const parameters = parametersOf(request);
  return parsePassiveRequest(Object.fromEntries(fieldNames.map((name) => [name, parameters.getAll(name)])));
}

export function parametersOf({ method, url, body }: HttpRequest): URLSearchParams {
  return method === 'POST' ? new URLSearchParams(new TextDecoder().decode(body)) : url.searchParams;
}
