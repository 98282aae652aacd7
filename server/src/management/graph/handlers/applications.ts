import {
  type applicationOperations,
  extensionProperty,
  federatedIdentityCredential,
} from '@countersign/management-api';
import {
  type Application,
  applicationKind,
  createFederatedCredential,
  deleteApplication,
  deleteFederatedCredential,
  type FederatedCredential,
  findApplication,
  getApplication,
  getFederatedCredential,
  registerApplication,
  updateApplication,
  updateFederatedCredential,
} from '../../../applications/index.ts';
import {
  type AttributeChange,
  addOwner,
  declareExtensionProperty,
  type ExtensionProperty,
  removeExtensionProperty,
  removeOwner,
} from '../../../directory/index.ts';
import { alternateKey } from '../alternate-key.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, CallWithId, Handlers } from '../call.ts';
import { equalities } from '../equalities.ts';
import { alreadyThere, notFound } from '../error.ts';
import { kindName, kindNamed } from '../kind-name.ts';
import { answerCreated, countObjects, listObjects, showObject } from '../list-objects.ts';
import { checkMayCreateApplication, checkMayWriteApplication } from '../may-write-application.ts';
import { idOf, referencedId } from '../object-id.ts';
import { listRelated } from '../related.ts';
import type { Shown } from '../resource-view.ts';
import { answerAddedPassword, answerRemovedPassword } from '../secrets.ts';
import { versionCondition } from '../version-condition.ts';

const credentials = 'federatedIdentityCredentials';
const properties = 'extensionProperties';

/** https://learn.microsoft.com/graph/api/resources/application */
export const applicationHandlers = {
  listApplications: (call) => listObjects(call, applicationKind),
  countApplications: (call) => countObjects(call, applicationKind),
  createApplication: async (call) => {
    await checkMayCreateApplication(call);
    const attributes = call.body as AttributeChange;
    const created = await call.storage.write((stores) => registerApplication(stores, call.act, attributes));
    return answerCreated(call, created);
  },
  getApplication: async (call) => showObject(call, await applicationOf(call)),
  updateApplication: async (call) => {
    const { id } = await writableApplicationOf(call);
    const change = call.body as AttributeChange;
    await call.storage.write((stores) => updateApplication(stores, call.act, id, change, versionCondition(call)));
    return {};
  },
  deleteApplication: async (call) => {
    const { id } = await writableApplicationOf(call);
    const { ifVersion } = versionCondition(call);
    await call.storage.write((stores) => deleteApplication(stores, call.act, id, ifVersion));
    return {};
  },
  addApplicationPassword: async (call) => answerAddedPassword(call, await writableApplicationOf(call)),
  removeApplicationPassword: async (call) => answerRemovedPassword(call, await writableApplicationOf(call)),
  listApplicationOwners: async (call) => listRelated(call, 'owners', (await applicationOf(call)).id),
  addApplicationOwner: async (call) => {
    const { id } = await writableApplicationOf(call);
    const ownerId = referencedId(call.body['@odata.id']);
    const isNew = await call.storage.write((stores) => addOwner(stores, call.act, applicationKind, id, ownerId));
    if (!isNew) throw alreadyThere('owners');
    return {};
  },
  removeApplicationOwner: async (call) => {
    const { id } = await writableApplicationOf(call);
    const ownerId = idOf(call.parameters.ownerId);
    const wasThere = await call.storage.write((stores) => removeOwner(stores, call.act, applicationKind, id, ownerId));
    if (!wasThere) throw notFound(ownerId);
    return {};
  },
  listFederatedIdentityCredentials: async (call) => {
    const { id } = await applicationOf(call);
    const wanted = Object.entries(equalities(call.query.filter, ['name', 'issuer', 'subject']));
    const all = (await call.storage.read.federatedCredentials.list(call.tenantId, id)).map(credentialView);
    const found = all.filter((credential) => wanted.every(([name, value]) => credential[name] === value));
    return answerResources(call, federatedIdentityCredential, credentials, found);
  },
  createFederatedIdentityCredential: async (call) => {
    const application = await writableApplicationOf(call);
    const created = await call.storage.write((stores) =>
      createFederatedCredential(stores, call.act, application, call.body),
    );
    return answerResource(call, federatedIdentityCredential, credentials, credentialView(created));
  },
  getFederatedIdentityCredential: async (call) => {
    const application = await applicationOf(call);
    const { credentialId } = call.parameters;
    const found = await getFederatedCredential(call.storage.read, call.tenantId, application, credentialId);
    return answerResource(call, federatedIdentityCredential, credentials, credentialView(found));
  },
  updateFederatedIdentityCredential: async (call) => {
    const application = await writableApplicationOf(call);
    const { name: _, ...change } = call.body;
    await call.storage.write((stores) =>
      updateFederatedCredential(stores, call.act, application, call.parameters.credentialId, change),
    );
    return {};
  },
  deleteFederatedIdentityCredential: async (call) => {
    const application = await writableApplicationOf(call);
    const { credentialId } = call.parameters;
    await call.storage.write((stores) => deleteFederatedCredential(stores, call.act, application, credentialId));
    return {};
  },
  listExtensionProperties: async (call) => {
    const application = await applicationOf(call);
    const declared = await propertiesOf(call, application);
    const views = declared.map((property) => propertyView(application, property));
    return answerResources(call, extensionProperty, properties, views);
  },
  createExtensionProperty: async (call) => {
    const application = await writableApplicationOf(call);
    const { targetObjects, description = null, ...rest } = call.body;
    const wanted = { ...rest, description, targetKinds: targetObjects.map(kindNamed) };
    const { appId } = application.attributes;
    const declared = await call.storage.write((stores) =>
      declareExtensionProperty(stores, call.act, { id: application.id, appId }, wanted),
    );
    return answerResource(call, extensionProperty, properties, propertyView(application, declared));
  },
  getExtensionProperty: async (call) => {
    const application = await applicationOf(call);
    const property = await propertyOf(call, application);
    return answerResource(call, extensionProperty, properties, propertyView(application, property));
  },
  deleteExtensionProperty: async (call) => {
    const { id } = await propertyOf(call, await writableApplicationOf(call));
    await call.storage.write((stores) => removeExtensionProperty(stores, call.act, id));
    return {};
  },
} satisfies Handlers<typeof applicationOperations>;

/** The application that the path of the call names, by its id or as `appId=...`. */
async function applicationOf(call: CallWithId): Promise<Application> {
  const { read } = call.storage;
  const { id } = call.parameters;
  const appId = alternateKey(id, 'appId');
  if (appId === undefined) return getApplication(read, call.tenantId, idOf(id));
  const found = await findApplication(read, call.tenantId, appId);
  if (!found) throw notFound(id);
  return found;
}

/** The same, when the caller may change it. */
async function writableApplicationOf(call: CallWithId): Promise<Application> {
  const application = await applicationOf(call);
  await checkMayWriteApplication(call, application);
  return application;
}

function credentialView({ id, name, issuer, subject, audiences, description }: FederatedCredential): Shown {
  return { id, name, issuer, subject, audiences, description };
}

async function propertiesOf(call: Call, { id }: Application): Promise<ExtensionProperty[]> {
  const all = await call.storage.read.extensionProperties.list(call.tenantId);
  return all.filter(({ applicationId }) => applicationId === id);
}

async function propertyOf(
  call: Call & { parameters: { propertyId: string } },
  application: Application,
): Promise<ExtensionProperty> {
  const wanted = idOf(call.parameters.propertyId);
  const found = (await propertiesOf(call, application)).find(({ id }) => id === wanted);
  if (!found) throw notFound(wanted);
  return found;
}

function propertyView({ attributes }: Application, property: ExtensionProperty): Shown {
  const { id, name, dataType, isMultiValued, targetKinds, description } = property;
  const targetObjects = targetKinds.map(kindName);
  const isSyncedFromOnPremises = false;
  return {
    id,
    name,
    dataType,
    description,
    isMultiValued,
    targetObjects,
    isSyncedFromOnPremises,
    appDisplayName: attributes.displayName,
  };
}
