import { z } from 'zod';
import { flag, guid, resource, text, texts } from './property.ts';

/** An administrative role. Its id is that of its template. https://learn.microsoft.com/graph/api/resources/directoryrole */
export const directoryRole = resource('microsoft.graph.directoryRole', {
  deletedDateTime: text,
  description: text,
  displayName: text,
  roleTemplateId: text,
});

/** https://learn.microsoft.com/graph/api/resources/directoryroletemplate */
export const directoryRoleTemplate = resource('microsoft.graph.directoryRoleTemplate', {
  deletedDateTime: text,
  description: text,
  displayName: text,
});

/** https://learn.microsoft.com/graph/api/resources/unifiedroledefinition */
export const roleDefinition = resource('microsoft.graph.unifiedRoleDefinition', {
  description: text,
  displayName: text,
  isBuiltIn: flag,
  isEnabled: flag,
  resourceScopes: texts,
  templateId: text,
});

/** https://learn.microsoft.com/graph/api/resources/unifiedroleassignment */
export const roleAssignment = resource('microsoft.graph.unifiedRoleAssignment', {
  directoryScopeId: text,
  principalId: text,
  roleDefinitionId: text,
});

/** Roles are held in the whole tenant: the only scope is `/`. */
export const createRoleAssignmentRequest = z.strictObject({
  directoryScopeId: z.literal('/').default('/'),
  principalId: guid,
  roleDefinitionId: guid,
});

export const activateDirectoryRoleRequest = z.strictObject({ roleTemplateId: guid });
