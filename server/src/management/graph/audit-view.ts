import type { AuditEvent } from '../../audit/index.ts';
import type { Shown } from './resource-view.ts';

/** Microsoft Graph's categories, by the kind of the object. */
const categories: Readonly<Record<string, string>> = {
  user: 'UserManagement',
  group: 'GroupManagement',
  application: 'ApplicationManagement',
  servicePrincipal: 'ApplicationManagement',
  directoryRole: 'RoleManagement',
};

/** Microsoft Graph's types of operations, by the first word of the verb. */
const operationTypes: Readonly<Record<string, string>> = {
  create: 'Add',
  add: 'Assign',
  delete: 'Delete',
  remove: 'Unassign',
};

/** Shows an event as Microsoft Graph's directoryAudit. The activity is called by our verb, such as `user.create`. */
export function auditView(event: AuditEvent): Shown {
  const { actor, object } = event;
  const [, activity = ''] = event.verb.split('.');
  return {
    id: event.id,
    activityDateTime: event.at.toISOString(),
    activityDisplayName: event.verb,
    category: categories[object.kind] ?? 'DirectoryManagement',
    correlationId: event.correlationId,
    initiatedBy: {
      user: actor.kind === 'user' ? { id: actor.id, displayName: null, userPrincipalName: actor.name } : null,
      app: actor.kind === 'user' ? null : { servicePrincipalId: actor.id, displayName: actor.name },
    },
    loggedByService: 'Core Directory',
    operationType: operationTypes[activity.split('_')[0] ?? ''] ?? 'Update',
    result: event.outcome,
    resultReason: event.reason ?? '',
    targetResources: [
      {
        id: object.id,
        displayName: object.name,
        type: object.kind.charAt(0).toUpperCase() + object.kind.slice(1),
        userPrincipalName: object.kind === 'user' ? object.name : null,
        // Values are JSON in text, as in Microsoft Graph.
        modifiedProperties: event.changes.map(({ property, before, after }) => ({
          displayName: property,
          oldValue: before === undefined ? null : JSON.stringify(before),
          newValue: after === undefined ? null : JSON.stringify(after),
        })),
      },
    ],
  };
}
