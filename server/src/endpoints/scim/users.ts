import {
  applyPatch,
  type JsonObject,
  parsePatch,
  readNewResource,
  readReplacement,
  ScimError,
  schemaUrns,
} from '@countersign/scim';
import {
  type AttributeChange,
  type Attributes,
  createUsers as createDirectoryUsers,
  type DirectoryObject,
  deleteObject,
  getObject,
  getObjectToChange,
  type NewPassword,
  passwordPolicyOf,
  preparePassword,
  removeManager,
  setManager,
  updateUser,
  userKind,
} from '../../directory/index.ts';
import { scimSettingsOf } from '../../inbound-provisioning/index.ts';
import type { ResourceRequest, ScimCall, ScimStores } from './call.ts';
import { checkCondition } from './condition.ts';
import { checkMayChangeUser } from './privileged.ts';
import { referring } from './referring.ts';
import { writeDeclared } from './tenant-types.ts';
import { valueIn, writeUserAttributes } from './user-attributes.ts';
import { writeTypedLists } from './user-lists.ts';
import { checkUserNamesAreFree, namesFor } from './user-name.ts';
import { buildUsers } from './user-resource.ts';

/** RFC 7644 3.3, for many at once: all of them or none. */
export async function createUsers(call: ScimCall, bodies: readonly JsonObject[]): Promise<DirectoryObject[]> {
  const resources = bodies.map((body) => readNewResource(call.types.User.type, body, call.dialect));
  const wanted: { attributes: AttributeChange; password: NewPassword | undefined }[] = [];
  for (const resource of resources) {
    const attributes = attributesOf(call, resource, undefined);
    wanted.push({ attributes, password: await passwordIn(call, resource, attributes) });
  }
  const userNames = resources.map((resource) => String(resource['userName']));
  return call.storage.write(async (stores) => {
    await checkUserNamesAreFree(stores, call.act.tenantId, userNames);
    const users = await createDirectoryUsers(stores, call.act, wanted);
    for (const [place, { id }] of users.entries()) {
      const isMoved = await keepManager(stores, call, id, undefined, resources[place] ?? {});
      if (isMoved) users[place] = await getObject(stores, call.act.tenantId, userKind, id);
    }
    return users;
  });
}

/** RFC 7644 3.5.1. */
export async function replaceUser(
  call: ScimCall,
  request: ResourceRequest,
  body: JsonObject,
): Promise<DirectoryObject> {
  const { type } = call.types.User;
  const password = await passwordIn(call, readNewResource(type, body, call.dialect), {});
  return change(call, request, password, (resource) => readReplacement(type, resource, body, call.dialect));
}

/** RFC 7644 3.5.2: all changes or none. */
export async function patchUser(call: ScimCall, request: ResourceRequest, body: JsonObject): Promise<DirectoryObject> {
  const { type } = call.types.User;
  const changes = parsePatch(type, body, call.dialect);
  const named = changes.findLast(({ path }) => path.attribute.name === 'password');
  const password = named && (await passwordIn(call, { password: named.value ?? null }, {}));
  return change(call, request, password, (resource) => applyPatch(type, resource, changes, call.dialect));
}

/** RFC 7644 3.6, as the tenant wants it: the user is deleted and can be restored, or stays and is disabled. */
export function deleteUser(call: ScimCall, request: ResourceRequest): Promise<void> {
  const { act, tenant } = call;
  return call.storage.write(async (stores) => {
    const before = await getObjectToChange(stores, act.tenantId, userKind, request.id);
    checkCondition(call, request, before);
    await checkMayChangeUser(stores, act.tenantId, request.id);
    if (scimSettingsOf(tenant).userDeletion === 'delete') await deleteObject(stores, act, userKind, request.id);
    else await updateUser(stores, act, request.id, { accountEnabled: false });
  });
}

function change(
  call: ScimCall,
  request: ResourceRequest,
  password: NewPassword | undefined,
  next: (resource: JsonObject) => JsonObject,
): Promise<DirectoryObject> {
  const { act } = call;
  return call.storage.write(async (stores) => {
    const before = await getObjectToChange(stores, act.tenantId, userKind, request.id);
    checkCondition(call, request, before);
    const [resource = {}] = await buildUsers(call, [before], (part) => part === 'manager', stores);
    const wanted = next(resource);
    if (wanted === resource && !password) return before;
    await checkMayChangeUser(stores, act.tenantId, request.id);
    const userName = String(wanted['userName']);
    const isRenamed = userName !== resource['userName'];
    if (isRenamed) await checkUserNamesAreFree(stores, act.tenantId, [userName], request.id);
    const attributes = attributesOf(call, wanted, { ...before, isRenamed });
    const after = await updateUser(stores, act, request.id, attributes, password ? { password } : {});
    const isMoved = await keepManager(stores, call, request.id, resource, wanted);
    return isMoved ? getObject(stores, act.tenantId, userKind, request.id) : after;
  });
}

/** What the directory keeps of a resource. */
function attributesOf(
  { tenant, types }: ScimCall,
  resource: JsonObject,
  before: { id: string; attributes: Attributes; isRenamed: boolean } | undefined,
): AttributeChange {
  const userName = String(resource['userName']);
  const given = valueIn(resource, ['name', 'givenName']) ?? '';
  const family = valueIn(resource, ['name', 'familyName']) ?? '';
  const formatted = valueIn(resource, ['name', 'formatted']) ?? `${given} ${family}`.trim();
  return {
    ...writeUserAttributes(resource),
    ...writeTypedLists(before?.attributes ?? {}, resource),
    ...writeDeclared(types.User, resource),
    // The directory shows everybody by a name, SCIM's `displayName` is optional.
    displayName: resource['displayName'] ?? (formatted === '' ? userName : formatted),
    ...((before === undefined || before.isRenamed) && namesFor(tenant, userName, before)),
  };
}

/** Hashed before any transaction, because that takes long. */
async function passwordIn(
  { passwords, tenant }: ScimCall,
  { password }: JsonObject,
  attributes: AttributeChange,
): Promise<NewPassword | undefined> {
  if (password === undefined) return undefined;
  if (typeof password !== 'string') throw new ScimError('mutability', 'A password can be replaced, but not removed.');
  const hash = await preparePassword(passwords, password, attributes, passwordPolicyOf(tenant));
  return { hash, mustChange: false };
}

/** Makes the manager of the resource that of the user; says whether it was another. */
async function keepManager(
  stores: ScimStores,
  { act }: ScimCall,
  userId: string,
  before: JsonObject | undefined,
  after: JsonObject,
): Promise<boolean> {
  const [had, wanted] = [before && managerIn(before), managerIn(after)];
  if (had === wanted) return false;
  if (wanted === undefined) return removeManager(stores, act, userId);
  await referring('manager', () => setManager(stores, act, userId, wanted));
  return true;
}

function managerIn(resource: JsonObject): string | undefined {
  const id = valueIn(resource, [schemaUrns.enterpriseUser, 'manager', 'value']);
  return id === undefined || id === '' ? undefined : String(id);
}
