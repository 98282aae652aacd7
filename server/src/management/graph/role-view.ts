import { directoryRole } from '@countersign/management-api';
import { type DirectoryRole, findDirectoryRole } from '../../directory/index.ts';
import { findProperty, pick, type Shown } from './resource-view.ts';

/** A role with the properties of all resources that show it. */
export function roleView({ id, displayName, description }: DirectoryRole): Shown {
  return {
    id,
    displayName,
    description,
    roleTemplateId: id,
    templateId: id,
    isBuiltIn: true,
    isEnabled: true,
    resourceScopes: ['/'],
  };
}

/** Shows roles in a collection of mixed kinds, with what they have of the selected properties. */
export function showRolesAmongOthers(roleIds: readonly string[], select: readonly string[] | undefined): Shown[] {
  const own = select?.filter((name) => name === '*' || findProperty(directoryRole, name) !== undefined);
  const show = pick(directoryRole, own);
  const roles = roleIds.flatMap((id) => findDirectoryRole(id) ?? []);
  return roles.map((role) => ({ '@odata.type': `#${directoryRole.type}`, ...show(roleView(role)) }));
}
