import { type SamlRefusal, type SamlStatusError, samlRefusals } from '@countersign/saml';
import { type XmlRefusal, xmlRefusals } from '@countersign/xml';
import type { ApplicationStores } from '../../applications/index.ts';
import type { Act } from '../../audit/index.ts';
import type { BrandingStore } from '../../branding/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { type IssueClaims, type KeyRing, newAssertionId, type RedeemableStores } from '../../issuance/index.ts';
import type { SignInAct, SignInWriting } from '../../sign-in/index.ts';
import type { HttpRequest } from '../http.ts';
import { type RefusedTraces, Tracing } from '../sign-in/index.ts';
import type { SignOut } from '../sign-out/index.ts';
import { addressesOf, type SamlAddresses } from './addresses.ts';

/** Everything that the endpoint reads and writes. */
export type SamlStores = SignInWriting &
  ApplicationStores &
  Pick<RedeemableStores, 'usedIds'> & { branding: BrandingStore };

/** The database, as the endpoint sees it. */
export interface SamlStorage {
  readonly read: SamlStores;
  write<Result>(work: (stores: SamlStores) => Promise<Result>): Promise<Result>;
}

/** What the endpoint needs from outside. */
export interface SamlOptions {
  storage: SamlStorage;
  keys: KeyRing;
  issueClaims: IssueClaims;
  /** Tells the applications of a session, whatever their protocols, that it has ended. */
  signOut: SignOut;
  /** Where the hub is reached: entity identifiers are made from it. */
  publicUrl: URL;
  now: () => Date;
  newId: () => string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
  randomBytes: (length: number) => Uint8Array;
}

/** The same, with what the endpoint keeps of former requests. */
export type SamlParts = SamlOptions & { refusedTraces: RefusedTraces };

/** One request to the endpoint of a tenant. */
export interface SamlCall {
  options: SamlParts;
  request: HttpRequest;
  tenant: Tenant;
  addresses: SamlAddresses;
  act: SignInAct;
  tracing: Tracing;
}

/** Undefined: there is no such tenant. */
export async function openCall(options: SamlParts, request: HttpRequest): Promise<SamlCall | undefined> {
  const tenant = await options.storage.read.tenants.resolve(request.parameters['tenant'] ?? '');
  if (!tenant) return undefined;
  request.admitTenant(tenant.id);
  const { now, newId, newSecret, publicUrl } = options;
  const actor: Act['actor'] = { kind: 'system', id: null, name: 'SAML' };
  const act = { tenantId: tenant.id, actor, now: now(), correlationId: request.requestId, newId, newSecret };
  const addresses = addressesOf(publicUrl, request.url, tenant.id);
  return { options, request, tenant, act, addresses, tracing: new Tracing('saml', act) };
}

/** Notes that the request has passed these checks. */
export function passed({ tracing }: SamlCall, ...checks: (SamlRefusal | XmlRefusal)[]): void {
  const refusals: Readonly<Record<string, { spec: string }>> = { ...samlRefusals, ...xmlRefusals };
  for (const check of checks) tracing.passed(check, refusals[check]?.spec ?? '');
}

/** Keeps what the request went through until it was refused. */
export async function keepRefusal({ options, tenant, act, tracing }: SamlCall, error: SamlStatusError): Promise<void> {
  tracing.failed(error);
  await options.refusedTraces.keep(tenant.id, tracing.trace, act.now);
}

export function newMessageId({ newSecret }: SamlOptions): string {
  return newAssertionId(newSecret);
}
