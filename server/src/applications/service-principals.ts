import type { Act } from '../audit/index.ts';
import {
  type AttributeChange,
  changeObject,
  createObject,
  createObjects,
  type DirectoryStores,
  getObjectToChange,
  type ObjectWriting,
} from '../directory/index.ts';
import { type Application, replyAddressesOf } from './application.ts';
import { declaredBy } from './check-application.ts';
import { refuse } from './errors.ts';
import { asServicePrincipal, findApplication, findServicePrincipal } from './find.ts';
import { checkTakesCredentials, type FirstPartyApplication, findFirstParty } from './first-party/first-party.ts';
import { ownAsCreator } from './own-as-creator.ts';
import { prepareChange } from './prepare-change.ts';
import { type ServicePrincipal, type ServicePrincipalType, servicePrincipalKind } from './service-principal.ts';

type CreatingStores = ObjectWriting & Pick<DirectoryStores, 'links'>;

/**
 * Lets an application into the tenant: one that the tenant registered, or one that every tenant has from the beginning.
 *
 * @throws Refusal `applications.app_id_unknown`, `applications.attribute_follows_application`,
 *   `applications.key_credential_invalid`, and as `createObject`; `directory.name_taken` when there is one already
 */
export async function createServicePrincipal(
  stores: CreatingStores,
  act: Act,
  appId: string,
  attributes: AttributeChange = {},
): Promise<ServicePrincipal> {
  const application = await findApplication(stores, act.tenantId, appId);
  const firstParty = findFirstParty(appId);
  if (!application && !firstParty) throw refuse('applications.app_id_unknown', { appId });
  const inherited = application ? followed(act, application) : firstParty && introduced(firstParty);
  return create(stores, act, { servicePrincipalType: 'Application', ...inherited }, attributes);
}

/**
 * Lets applications that every tenant has into this one, all of them at once. Nobody owns them.
 * @throws Refusal as `createObjects`
 */
export async function createFirstPartyPrincipals(
  stores: ObjectWriting,
  act: Act,
  applications: readonly FirstPartyApplication[],
): Promise<ServicePrincipal[]> {
  const inherent = { servicePrincipalType: 'Application', accountEnabled: true };
  const wanted = applications.map((application) => {
    return { id: act.newId(), attributes: { ...inherent, ...introduced(application) } };
  });
  return (await createObjects(stores, act, servicePrincipalKind, wanted)).map(asServicePrincipal);
}

/**
 * Makes a service principal without an application: for a managed identity, or for software that nobody registered.
 * It gets an appId of its own.
 *
 * @throws Refusal `applications.attribute_follows_application`, `applications.key_credential_invalid`, and as
 *   `createObject`
 */
export function createStandaloneServicePrincipal(
  stores: CreatingStores,
  act: Act,
  servicePrincipalType: Exclude<ServicePrincipalType, 'Application'>,
  displayName: string,
  attributes: AttributeChange = {},
): Promise<ServicePrincipal> {
  const appId = act.newId();
  const inherent = { servicePrincipalType, displayName, appId, servicePrincipalNames: [appId] };
  return create(stores, act, inherent, attributes);
}

async function create(
  stores: CreatingStores,
  act: Act,
  inherent: AttributeChange,
  attributes: AttributeChange,
): Promise<ServicePrincipal> {
  const own = { accountEnabled: true, ...prepareChange(act, {}, onlyOwn(attributes)) };
  const created = await createObject(stores, act, servicePrincipalKind, { ...own, ...inherent });
  await ownAsCreator(stores, act, servicePrincipalKind, created.id);
  return asServicePrincipal(created);
}

/**
 * Changes what is a service principal's own.
 *
 * @throws Refusal `applications.attribute_follows_application`, `applications.key_credential_invalid`,
 *   `applications.first_party_credentials`, and as `changeObject`
 */
export async function updateServicePrincipal(
  stores: ObjectWriting,
  act: Act,
  id: string,
  attributes: AttributeChange,
  { ifVersion }: { ifVersion?: number } = {},
): Promise<ServicePrincipal> {
  const before = await getObjectToChange(stores, act.tenantId, servicePrincipalKind, id, ifVersion);
  if (attributes['keyCredentials'] !== undefined) checkTakesCredentials(before);
  const change = prepareChange(act, before.attributes, onlyOwn(attributes));
  return asServicePrincipal(await changeObject(stores, act, servicePrincipalKind, before, change));
}

/** Passes on to the service principal of a changed application what it has from there. */
export async function followApplication(stores: ObjectWriting, act: Act, application: Application): Promise<void> {
  const found = await findServicePrincipal(stores, act.tenantId, application.attributes.appId);
  if (!found) return;
  const before = await getObjectToChange(stores, act.tenantId, servicePrincipalKind, found.id);
  await changeObject(stores, act, servicePrincipalKind, before, followed(act, application));
}

/** What a service principal has from the application that the tenant registered; null where it has nothing. */
function followed(act: Act, { attributes }: Application) {
  return {
    ...declaredBy(attributes),
    appId: attributes.appId,
    displayName: attributes.displayName,
    appDisplayName: attributes.displayName,
    appDescription: attributes.description ?? null,
    appOwnerOrganizationId: act.tenantId,
    servicePrincipalNames: [attributes.appId, ...(attributes.identifierUris ?? [])],
    signInAudience: attributes.signInAudience,
    requestedAccessTokenVersion: attributes.api?.requestedAccessTokenVersion ?? null,
    replyUrls: replyAddressesOf(attributes),
    homepage: attributes.web?.homePageUrl ?? null,
    logoutUrl: attributes.web?.logoutUrl ?? null,
    info: attributes.info ?? null,
  } satisfies AttributeChange;
}

/** The same for a first-party application, whose permissions and reply addresses stay in the program. */
function introduced({ appId, displayName, identifierUris, appOwnerOrganizationId }: FirstPartyApplication) {
  return {
    appId,
    displayName,
    appDisplayName: displayName,
    appOwnerOrganizationId,
    servicePrincipalNames: [appId, ...identifierUris],
  } satisfies AttributeChange;
}

/** Attributes that are a service principal's own. All others come from its application. */
const own = new Set([
  'accountEnabled',
  'alternativeNames',
  'appRoleAssignmentRequired',
  'description',
  'identityProviders',
  'keyCredentials',
  'loginUrl',
  'notes',
  'notificationEmailAddresses',
  'preferredSingleSignOnMode',
  'preferredTokenSigningKeyThumbprint',
  'samlSingleSignOnSettings',
  'tags',
  'tokenEncryptionKeyId',
]);

function onlyOwn(change: AttributeChange): AttributeChange {
  const other = Object.keys(change).find((name) => !own.has(name) && change[name] !== undefined);
  if (other !== undefined) throw refuse('applications.attribute_follows_application', { property: other });
  return change;
}
