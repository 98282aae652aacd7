import { signingKey, type signingKeyOperations } from '@countersign/management-api';
import { makeSigningKey, rotateSigningKey, type SigningKey } from '../../../issuance/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Handlers } from '../call.ts';
import type { Shown } from '../resource-view.ts';

export const signingKeyHandlers = {
  listSigningKeys: async (call) => {
    const keys = await call.storage.read.signingKeys.list(call.tenantId);
    return answerResources(call, signingKey, 'keys', keys.map(keyView));
  },
  rotateSigningKey: async (call) => {
    const made = await makeSigningKey(call.body.algorithm, call.tenantId, call.act.now);
    const key = await call.storage.write((stores) => rotateSigningKey(stores, call.act, made));
    return answerResource(call, signingKey, 'keys', keyView(key));
  },
} satisfies Handlers<typeof signingKeyOperations>;

function keyView(key: SigningKey): Shown {
  return {
    id: key.id,
    algorithm: key.algorithm,
    certificate: key.certificate,
    createdDateTime: key.createdAt.toISOString(),
    signsFromDateTime: key.signsFrom.toISOString(),
    signsUntilDateTime: key.signsUntil?.toISOString(),
    publishedUntilDateTime: key.publishedUntil?.toISOString(),
  };
}
