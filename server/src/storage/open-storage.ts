import { applicationKind, servicePrincipalKind } from '../applications/index.ts';
import { directoryKinds } from '../directory/index.ts';
import { acceptedTermsStore } from './accepted-terms.ts';
import { appRoleAssignmentStore } from './app-role-assignments.ts';
import { attemptStore } from './attempts.ts';
import { auditStore } from './audit.ts';
import { authenticationMethodStore } from './authentication-methods.ts';
import { brandingStore } from './branding.ts';
import { certificateWarningStore } from './certificate-warnings.ts';
import { changeFeed } from './change-feed.ts';
import { initialAccessTokenStore, registeredClientStore } from './client-registration.ts';
import { clientSecretStore } from './client-secrets.ts';
import { directoryRoleStore } from './directory-roles.ts';
import type { Engine, Query } from './engine.ts';
import { expiredStore } from './expired-rows.ts';
import { extensionPropertyStore } from './extension-properties.ts';
import { federatedCredentialStore } from './federated-credentials.ts';
import { followedMetadataStore } from './followed-metadata.ts';
import { groupNesting } from './group-nesting.ts';
import { knownBrowserStore } from './known-browsers.ts';
import { leaseStore } from './leases.ts';
import { linkStore } from './links.ts';
import { logoutNoticeStore } from './logout-notices.ts';
import { objectKinds } from './object-kinds.ts';
import { objectStore } from './objects.ts';
import { oneTimeCodeStore } from './one-time-codes.ts';
import { outgoingMessageStore } from './outgoing-messages.ts';
import { passwordStore } from './passwords.ts';
import { permissionGrantStore } from './permission-grants.ts';
import { persistentNameStore } from './persistent-names.ts';
import { processRegister } from './processes.ts';
import { provisionedMemberStore } from './provisioned-members.ts';
import { provisionedObjectStore } from './provisioned-objects.ts';
import { provisioningJobStore } from './provisioning-jobs.ts';
import { provisioningLogStore } from './provisioning-log.ts';
import { recoveryCodeStore } from './recovery-codes.ts';
import { redeemableStore } from './redeemables.ts';
import { relyingPartyStore } from './relying-parties.ts';
import { ruleGroupStore } from './rule-groups.ts';
import { scimTokenStore } from './scim-tokens.ts';
import type { Sealing } from './sealing.ts';
import { sessionStore } from './sessions.ts';
import { setupStore } from './setup.ts';
import { signInEventStore } from './sign-in-events.ts';
import { signInTraceStore } from './sign-in-traces.ts';
import { signInStore } from './sign-ins.ts';
import { signingKeyStore } from './signing-keys.ts';
import type { Storage, Stores } from './storage.ts';
import { tenantStore } from './tenants.ts';
import { upstreamProviderStore } from './upstream-providers.ts';
import { usedIdStore } from './used-ids.ts';
import { flowStore } from './user-flows.ts';

/** Every kind of object that the directory holds, for the indexes by which they are found. */
const kinds = objectKinds([...directoryKinds, applicationKind, servicePrincipalKind]);

/** Puts the stores of all features on an engine whose database is migrated. */
export function openStorage(engine: Engine, sealing: Sealing): Storage {
  /** Those of SQLite's two connections serve all reads and writes. */
  const kept = new WeakMap<Query, Stores>();
  const storesOn = (query: Query): Stores => {
    const stores = kept.get(query) ?? makeStores(query);
    kept.set(query, stores);
    return stores;
  };
  const makeStores = (query: Query): Stores => {
    const changes = changeFeed(query, engine);
    const nesting = groupNesting(query, engine);
    return {
      audit: auditStore(query, engine),
      setup: setupStore(query),
      branding: brandingStore(query),
      tenants: tenantStore(query, engine, changes),
      objects: objectStore(query, engine, kinds, changes, nesting),
      links: linkStore(query, engine, nesting),
      passwords: passwordStore(query, engine),
      extensionProperties: extensionPropertyStore(query, engine, changes),
      directoryRoles: directoryRoleStore(query, engine, changes),
      changes,
      clientSecrets: clientSecretStore(query, sealing, changes),
      federatedCredentials: federatedCredentialStore(query, changes),
      initialAccessTokens: initialAccessTokenStore(query),
      registeredClients: registeredClientStore(query),
      permissionGrants: permissionGrantStore(query, changes),
      appRoleAssignments: appRoleAssignmentStore(query, changes),
      relyingParties: relyingPartyStore(query, engine, changes),
      ruleGroups: ruleGroupStore(query, engine, changes),
      upstreamProviders: upstreamProviderStore(query, engine, sealing, changes),
      followedMetadata: followedMetadataStore(query),
      certificateWarnings: certificateWarningStore(query),
      persistentNames: persistentNameStore(query),
      signingKeys: signingKeyStore(engine, query, sealing),
      flows: flowStore(query, engine, changes),
      attempts: attemptStore(query, engine),
      knownBrowsers: knownBrowserStore(query),
      oneTimeCodes: oneTimeCodeStore(query),
      authenticationMethods: authenticationMethodStore(query, sealing),
      recoveryCodes: recoveryCodeStore(query),
      acceptedTerms: acceptedTermsStore(query),
      outgoing: outgoingMessageStore(query, sealing),
      signIns: signInStore(query, sealing),
      sessions: sessionStore(query),
      logoutNotices: logoutNoticeStore(query),
      signInEvents: signInEventStore(query),
      signInTraces: signInTraceStore(query),
      expired: expiredStore(query),
      redeemables: redeemableStore(query, engine),
      usedIds: usedIdStore(query),
      leases: leaseStore(engine, query),
      processes: processRegister(engine, query),
      scimTokens: scimTokenStore(query, engine, changes),
      provisioningJobs: provisioningJobStore(query, sealing),
      provisionedObjects: provisionedObjectStore(query, engine),
      provisionedMembers: provisionedMemberStore(query, engine),
      provisioningLog: provisioningLogStore(query),
    };
  };
  const writeBeside: Storage['write'] = (work) => engine.write((query) => work(storesOn(query)));
  let madeWrites = 0;
  return {
    read: storesOn(engine.reader),
    async write(work) {
      const result = await writeBeside(work);
      madeWrites++;
      return result;
    },
    writeBeside,
    madeWrites: () => madeWrites,
    async check() {
      await engine.reader.selectFrom('meta').select('name').limit(1).execute();
    },
    waitingWrites: () => engine.waitingWrites(),
    close: () => engine.close(),
  };
}
