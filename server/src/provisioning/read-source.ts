import type { AttributeValue, DirectoryObject } from '../directory/index.ts';
import type { EngineStores, JobContext } from './context.ts';
import type { SourceValues } from './expression/evaluate-expression.ts';
import type { ExpressionValue } from './expression/expression.ts';
import { attributesOf } from './expression/expression.ts';
import { expressionOf } from './map-object.ts';
import type { ObjectMapping, SourceKind } from './mapping.ts';
import type { Manager } from './read-ahead.ts';

/** An object of the directory as expressions and scopes see it. */
export interface SourceObject {
  id: string;
  kind: SourceKind;
  /** For people who read the log. */
  name: string;
  isLiving: boolean;
  /** It, or a group that it is in, is assigned to the application. Only asked when the job's scope depends on it. */
  isAssigned: boolean;
  values: SourceValues;
}

/** Attributes that are not in the object's own document. */
export const managerAttribute = 'manager';
export const rolesAttribute = 'appRoleAssignments';

/** Most assignments of an object, and those of its groups, that are looked at. */
const mostAssignments = 1000;

/** Reads an object, living, deleted, or gone for good. */
export async function readSource(
  { storage: { read }, job, ahead }: Pick<JobContext, 'storage' | 'job' | 'ahead'>,
  mapping: ObjectMapping | undefined,
  id: string,
  kind: SourceKind,
): Promise<SourceObject> {
  const isAhead = ahead?.objects.has(id) ?? false;
  const found = ahead?.objects.get(id) ?? (await read.objects.find(job.tenantId, id, true));
  if (!found) return { id, kind, name: id, isLiving: false, isAssigned: false, values: { id } };
  const asked = mapping ? usedAttributes(mapping) : new Set<string>();
  const isLiving = found.deletedAt === null;
  const asksRoles = job.definition.scope === 'assigned' || asked.has(rolesAttribute);
  const roles = isLiving && asksRoles ? await readRoles(read, job, id) : { isAssigned: false, values: [] };
  const managed = isAhead ? ahead?.managers.get(id) : undefined;
  const asksManager = asked.has(managerAttribute) && (managed !== undefined || !isAhead);
  const manager = asksManager ? await readManager(read, job, id, managed) : null;
  return {
    id,
    kind,
    name: nameOf(found),
    isLiving,
    isAssigned: roles.isAssigned,
    values: {
      ...valuesOf(found),
      [managerAttribute]: manager,
      [rolesAttribute]: roles.values,
      IsSoftDeleted: !isLiving || found.attributes['accountEnabled'] === false,
    },
  };
}

const namesUsed = new WeakMap<ObjectMapping, ReadonlySet<string>>();

/** Names of the attributes that decide on scope and values. */
export function usedAttributes(mapping: ObjectMapping): ReadonlySet<string> {
  const known = namesUsed.get(mapping);
  if (known) return known;
  const inScope = mapping.scope.flat().map(({ attribute }) => attribute);
  const names = new Set([
    ...inScope,
    ...mapping.attributes.flatMap(({ source }) => attributesOf(expressionOf(source))),
  ]);
  namesUsed.set(mapping, names);
  return names;
}

async function readRoles(
  { links, appRoleAssignments, objects }: EngineStores,
  { tenantId, servicePrincipalId }: JobContext['job'],
  id: string,
): Promise<{ isAssigned: boolean; values: string[] }> {
  const groupIds = await links.listTransitiveGroupIds(tenantId, id);
  const held = await appRoleAssignments.list(
    tenantId,
    { principalIds: [id, ...groupIds], resourceId: servicePrincipalId },
    mostAssignments,
  );
  if (held.length === 0) return { isAssigned: false, values: [] };
  const application = await objects.find(tenantId, servicePrincipalId);
  const roles = application?.attributes['appRoles'];
  const values = (Array.isArray(roles) ? roles : []).flatMap((role) => {
    const { id: roleId, value } = role as { id?: string; value?: string };
    return value !== undefined && held.some(({ appRoleId }) => appRoleId === roleId?.toLowerCase()) ? [value] : [];
  });
  return { isAssigned: true, values };
}

/** The manager as the target knows them; null until they are there. */
async function readManager(
  { links, provisionedObjects }: EngineStores,
  { tenantId, id: jobId }: JobContext['job'],
  id: string,
  ahead: Manager | undefined,
): Promise<string | null> {
  if (ahead?.targetId) return ahead.targetId;
  const managerId = ahead?.id ?? (await links.listTo(tenantId, 'manager', id, { limit: 1 })).items[0]?.id;
  if (managerId === undefined) return null;
  const [known] = await provisionedObjects.find(tenantId, jobId, [managerId]);
  return known?.targetId ?? null;
}

function nameOf({ id, attributes }: DirectoryObject): string {
  return String(attributes['userPrincipalName'] ?? attributes['displayName'] ?? id);
}

/** Attributes by name; the members of complex ones by their own names and by `<attribute>/<member>`. */
function valuesOf({ id, attributes }: DirectoryObject): Record<string, ExpressionValue> {
  const values: Record<string, ExpressionValue> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [member, part] of Object.entries(value)) {
        values[`${name}/${member}`] = simple(part);
        values[member] ??= simple(part);
      }
    } else {
      values[name] = simple(value);
    }
  }
  return { ...values, id, objectId: id };
}

function simple(value: AttributeValue): ExpressionValue {
  if (Array.isArray(value)) return value.filter((one) => typeof one !== 'object').map(String);
  return typeof value === 'object' ? null : value;
}
