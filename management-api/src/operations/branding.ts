import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { branding, updateBrandingRequest } from '../resources/branding.ts';

const path = '/organization/{id}/branding';

/** The look of the tenant's pages. https://learn.microsoft.com/graph/api/resources/organizationalbranding */
export const brandingOperations = {
  getBranding: {
    method: 'GET',
    path,
    summary: 'Shows how the pages of the tenant look.',
    access: access(['Organization.Read.All', 'Organization.ReadWrite.All'], ['Global Reader']),
    query: ['$select'],
    response: branding.schema,
    status: 200,
  },
  updateBranding: {
    method: 'PATCH',
    path,
    summary: 'Changes how the pages of the tenant look.',
    access: access(['Organization.ReadWrite.All'], []),
    request: updateBrandingRequest,
    status: 204,
  },
  deleteBranding: {
    ...deleting,
    path,
    summary: 'Goes back to the look that comes with the hub.',
    access: access(['Organization.ReadWrite.All'], []),
  },
} as const satisfies Operations;
