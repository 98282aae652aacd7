import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { collection } from '../resources/property.ts';
import { rotateKeyRequest, signingKey } from '../resources/signing-key.ts';

/** The keys with which the tenant's tokens are signed, and those that reach it are decrypted. Microsoft Graph has nothing like it. */
export const signingKeyOperations = {
  listSigningKeys: {
    method: 'GET',
    path: '/keys',
    summary: 'Lists the signing and encryption keys of the tenant.',
    access: access(['SigningKey.Read.All', 'SigningKey.ReadWrite.All'], ['Security Reader', 'Security Administrator']),
    query: ['$select'],
    response: collection(signingKey.schema),
    status: 200,
  },
  rotateSigningKey: {
    method: 'POST',
    path: '/keys/rotate',
    summary: 'Publishes the next key of an algorithm, which takes over after everybody had time to fetch it.',
    access: access(['SigningKey.ReadWrite.All'], ['Security Administrator']),
    request: rotateKeyRequest,
    response: signingKey.schema,
    status: 200,
  },
} as const satisfies Operations;
