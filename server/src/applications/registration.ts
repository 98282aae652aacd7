import type { Act } from '../audit/index.ts';
import {
  type AttributeChange,
  changeObject,
  createObject,
  type DirectoryStores,
  getObjectToChange,
  type ObjectWriting,
} from '../directory/index.ts';
import { type Application, applicationKind } from './application.ts';
import { checkApplication } from './check-application.ts';
import { refuse } from './errors.ts';
import { asApplication } from './find.ts';
import { ownAsCreator } from './own-as-creator.ts';
import { prepareChange } from './prepare-change.ts';
import { followApplication } from './service-principals.ts';
import { isSignedBySecret } from './signing-secret.ts';
import type { ApplicationStores } from './store.ts';

/**
 * Registers an application. Its appId may be given, for applications that come from elsewhere and keep their client id.
 *
 * @throws Refusal `applications.property_invalid`, `applications.key_credential_invalid`,
 *   `applications.identifier_uri_taken`, and as `createObject`
 */
export async function registerApplication(
  stores: ObjectWriting & Pick<DirectoryStores, 'links'>,
  act: Act,
  attributes: AttributeChange,
): Promise<Application> {
  const defaults = { appId: act.newId(), signInAudience: 'AzureADMyOrg' };
  const change = prepareChange(act, {}, { ...defaults, ...attributes });
  const application = asApplication(await createObject(stores, act, applicationKind, change));
  await check(stores, act, undefined, application);
  await ownAsCreator(stores, act, applicationKind, application.id);
  return application;
}

/**
 * Changes an application, and with it what its service principal has from it.
 *
 * @throws Refusal `directory.object_not_found`, `applications.app_id_stays`, and as `registerApplication`
 */
export async function updateApplication(
  stores: ObjectWriting & Pick<ApplicationStores, 'clientSecrets'>,
  act: Act,
  id: string,
  attributes: AttributeChange,
  { ifVersion }: { ifVersion?: number } = {},
): Promise<Application> {
  const before = asApplication(await getObjectToChange(stores, act.tenantId, applicationKind, id, ifVersion));
  const change = prepareChange(act, before.attributes, attributes);
  const after = asApplication(await changeObject(stores, act, applicationKind, before, change));
  if (after.version === before.version) return before;
  if (after.attributes.appId !== before.attributes.appId) throw refuse('applications.app_id_stays');
  await check(stores, act, before, after);
  if (!isSignedBySecret(after.attributes)) await stores.clientSecrets.forgetTexts(act.tenantId, id);
  await followApplication(stores, act, after);
  return after;
}

/** Judges an application as it was just kept, when its types are certain; a refusal undoes the whole transaction. */
async function check(
  stores: ObjectWriting,
  act: Act,
  before: Application | undefined,
  { attributes }: Application,
): Promise<void> {
  checkApplication(before?.attributes, attributes);
  const known = new Set(before?.attributes.identifierUris);
  for (const uri of attributes.identifierUris ?? []) {
    if (known.has(uri)) continue;
    // Names of resources are unique whether or not they have an application here: Microsoft Graph's cannot be taken.
    const holder = await stores.objects.findByName(act.tenantId, 'servicePrincipal.name', uri);
    const isTaken = holder !== undefined && holder.attributes['appId'] !== attributes.appId;
    if (isTaken) throw refuse('applications.identifier_uri_taken', { uri });
  }
}
