import { timingSafeEqual } from 'node:crypto';
import { type Act, type AuditStore, auditEvent } from '../../audit/index.ts';
import { type AttributeChange, type DirectoryStores, getTenant, type ObjectWriting } from '../../directory/index.ts';
import type { Application } from '../application.ts';
import { addPassword } from '../client-secret.ts';
import { refuse } from '../errors.ts';
import { findApplication } from '../find.ts';
import { registerApplication } from '../registration.ts';
import { createServicePrincipal } from '../service-principals.ts';
import type { ApplicationStores, ClientSecret } from '../store.ts';
import { registrationDigest } from './initial-access-token.ts';
import { clientRegistrationPolicyOf } from './policy.ts';

type Stores = ObjectWriting &
  Pick<DirectoryStores, 'links' | 'tenants'> &
  Pick<ApplicationStores, 'initialAccessTokens' | 'registeredClients' | 'clientSecrets'> & { audit: AuditStore };

/** What a client brings when it registers. */
export interface ClientRegistration {
  attributes: AttributeChange;
  /** The initial access token that was presented, if any. */
  initialToken: string | undefined;
  /** With which the client will look after its registration (RFC 7592 3). */
  registrationToken: string;
  /** Of the client's secret; undefined when it needs none. */
  secretRandom: Uint8Array | undefined;
}

export interface RegisteredClient {
  application: Application;
  secret: { secret: ClientSecret; secretText: string } | undefined;
}

/** By this tag administrators find applications that registered themselves. */
const tag = 'DynamicClientRegistration';

/**
 * Registers a client that asks for it itself (RFC 7591 3.1), if the tenant lets it: an application like any other, with
 * its service principal and, if it needs one, a secret.
 *
 * @throws Refusal `applications.registration_off`, `applications.initial_access_token_refused`,
 *   `applications.too_many_registered_clients`, and as `registerApplication`
 */
export async function registerClient(
  stores: Stores,
  act: Act,
  { attributes, initialToken, registrationToken, secretRandom }: ClientRegistration,
): Promise<RegisteredClient> {
  const { mode, mostClients } = clientRegistrationPolicyOf(await getTenant(stores, act.tenantId));
  if (mode === 'off') throw refuse('applications.registration_off');
  const used =
    initialToken === undefined
      ? undefined
      : await stores.initialAccessTokens.use(act.tenantId, registrationDigest(initialToken), act.now);
  if (mode === 'token' && !used) throw refuse('applications.initial_access_token_refused');
  if ((await stores.registeredClients.count(act.tenantId)) >= mostClients) {
    throw refuse('applications.too_many_registered_clients', { most: mostClients });
  }
  const application = await registerApplication(stores, act, { ...attributes, tags: [tag] });
  const { appId, displayName } = application.attributes;
  await createServicePrincipal(stores, act, appId);
  const secret = secretRandom && (await addPassword(stores, act, application, {}, secretRandom));
  const tokenDigest = registrationDigest(registrationToken);
  await stores.registeredClients.insert(act.tenantId, { appId, applicationId: application.id, tokenDigest });
  const about = { kind: 'application', id: application.id, name: displayName };
  const changes = [{ property: 'initialAccessToken', after: used?.displayName ?? null }];
  await stores.audit.append([auditEvent(act, 'application.register_itself', about, changes)]);
  return { application, secret };
}

/**
 * The application whose registration the token is for (RFC 7592 2); undefined when it is for none, or for another.
 */
export async function findRegisteredClient(
  stores: Pick<DirectoryStores, 'objects'> & Pick<ApplicationStores, 'registeredClients'>,
  tenantId: string,
  appId: string,
  registrationToken: string,
): Promise<Application | undefined> {
  const kept = await stores.registeredClients.find(tenantId, appId.toLowerCase());
  if (!kept) return undefined;
  const [presented, expected] = [registrationDigest(registrationToken), kept.tokenDigest].map((text) =>
    Buffer.from(text),
  );
  if (!presented || !expected || !timingSafeEqual(presented, expected)) return undefined;
  const application = await findApplication(stores, tenantId, kept.appId);
  // Another one may have got the same appId since.
  return application?.id === kept.applicationId ? application : undefined;
}
