import { type brandingOperations, branding as brandingResource } from '@countersign/management-api';
import { type Branding, getBranding, removeBranding, saveBranding } from '../../../branding/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { CallWithId, Handlers } from '../call.ts';
import { notFound } from '../error.ts';

/** https://learn.microsoft.com/graph/api/resources/organizationalbranding */
export const brandingHandlers = {
  getBranding: async (call) => {
    checkOwn(call);
    const found = await getBranding(call.storage.read, call.tenantId);
    return answerResource(call, brandingResource, 'organization/branding', { id: call.tenantId, ...found });
  },
  updateBranding: async (call) => {
    checkOwn(call);
    await call.storage.write((stores) => saveBranding(stores, call.act, call.body as Partial<Branding>));
    return {};
  },
  deleteBranding: async (call) => {
    checkOwn(call);
    const wasThere = await call.storage.write((stores) => removeBranding(stores, call.act));
    if (!wasThere) throw notFound('branding');
    return {};
  },
} satisfies Handlers<typeof brandingOperations>;

/** The organization is reached under its own id only. */
function checkOwn({ parameters, tenantId }: CallWithId): void {
  if (parameters.id.toLowerCase() !== tenantId) throw notFound(parameters.id);
}
