import { buildMetadata, type Entity, type IdentityProvider, nameIdFormats } from '@countersign/saml';
import { writeXml } from '@countersign/xml';
import type { KeyRing } from '../../issuance/index.ts';
import type { HttpResponse } from '../http.ts';
import { newMessageId, type SamlCall } from './saml-call.ts';

/** How long peers may keep a copy, in seconds: keys are published for longer before they sign. */
export const keptFor = 3_600;

/** The tenant's metadata as an identity provider. */
export async function answerMetadata(call: SamlCall): Promise<HttpResponse> {
  const entity = await describeIdentityProvider(call.options.keys, call);
  return {
    status: 200,
    headers: {
      'content-type': 'application/samlmetadata+xml',
      'cache-control': `public, max-age=${keptFor}`,
    },
    body: writeXml(buildMetadata(entity, { id: newMessageId(call.options) })),
  };
}

/** The tenant as an identity provider: the key that signs now comes first (SAML Metadata 2.4.1.1). */
export async function describeIdentityProvider(
  keyRing: KeyRing,
  { tenant, addresses, act }: Pick<SamlCall, 'tenant' | 'addresses' | 'act'>,
): Promise<Entity & { identityProvider: IdentityProvider }> {
  const { keys } = await keyRing.jwks(tenant.id);
  const signer = await keyRing.signer(tenant.id);
  const rsaKeys = keys.filter(({ kty }) => kty === 'RSA');
  const inOrder = [...rsaKeys].sort((a, b) => Number(b.kid === signer.keyId) - Number(a.kid === signer.keyId));
  const location = addresses.singleSignOn;
  return {
    entityId: addresses.entityId,
    validUntil: new Date(act.now.getTime() + 7 * 86_400_000),
    cacheSeconds: keptFor,
    displayName: tenant.displayName,
    contacts: [],
    identityProvider: {
      signingCertificates: inOrder.map(({ x5c }) => x5c[0]),
      encryptionKeys: [],
      // Interop: applications for Entra send every message of a browser to one address.
      singleLogoutServices: [
        { binding: 'redirect', location },
        { binding: 'post', location },
        { binding: 'soap', location: addresses.soap },
      ],
      artifactResolutionServices: [],
      // Interop: python3-saml asks for the first of these.
      nameIdFormats: [nameIdFormats.emailAddress, nameIdFormats.persistent, nameIdFormats.transient],
      wantAuthnRequestsSigned: false,
      singleSignOnServices: [
        { binding: 'redirect', location },
        { binding: 'post', location },
      ],
      attributes: [],
    },
  };
}
