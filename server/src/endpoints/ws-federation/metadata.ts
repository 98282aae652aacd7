import { buildMetadata, signSaml } from '@countersign/saml';
import { buildSecurityTokenService, tokenTypes } from '@countersign/ws-federation';
import { writeXml } from '@countersign/xml';
import { newAssertionId, subjectClaimTypes, xmlDigest, xmlSigner } from '../../issuance/index.ts';
import type { HttpResponse } from '../http.ts';
import { addressesOf, describeIdentityProvider, keptFor } from '../saml/index.ts';
import { metadataPath, trustEndpointsAt } from '../ws-trust/addresses.ts';
import type { WsFederationCall } from './ws-federation-call.ts';

/** What tokens say without rules, and what rules can pass on, for people who connect an application. */
const offeredClaims: readonly [type: string, displayName: string][] = [
  [subjectClaimTypes.name, 'Name'],
  [subjectClaimTypes.upn, 'User principal name'],
  [subjectClaimTypes.givenName, 'Given name'],
  [subjectClaimTypes.surname, 'Surname'],
  [subjectClaimTypes.emailAddress, 'E-mail address'],
  [subjectClaimTypes.displayName, 'Display name'],
  [subjectClaimTypes.objectId, 'Object identifier'],
  [subjectClaimTypes.tenantId, 'Tenant identifier'],
  [subjectClaimTypes.group, 'Group'],
  [subjectClaimTypes.role, 'Role'],
  [subjectClaimTypes.windowsAccountName, 'Windows account name'],
];

/**
 * The tenant's federation metadata (WS-Federation 1.2 3.1): a security token service, and the SAML identity provider that
 * it is as well, signed by the key that comes first in both roles.
 */
export async function answerFederationMetadata(call: WsFederationCall): Promise<HttpResponse> {
  const { options, tenant, request, act } = call;
  const { keys, publicUrl, newSecret } = options;
  const addresses = addressesOf(publicUrl, request.url, tenant.id);
  const entity = await describeIdentityProvider(keys, { tenant, act, addresses });
  const base = `${request.url.origin}/${tenant.id}`;
  const service = buildSecurityTokenService({
    displayName: tenant.displayName,
    signingCertificates: entity.identityProvider.signingCertificates,
    tokenTypes: Object.values(tokenTypes).map(([uri]) => uri),
    claimTypes: offeredClaims.map(([type, displayName]) => ({ type, displayName })),
    tokenEndpoints: trustEndpointsAt(base).map(({ address }) => ({ address, metadataAddress: base + metadataPath })),
    passiveEndpoints: [`${base}/wsfed`],
  });
  const document = buildMetadata(entity, { id: newAssertionId(newSecret), otherRoles: [service] });
  const signed = await signSaml(document, { signer: xmlSigner(await keys.signer(tenant.id)), digest: xmlDigest });
  return {
    status: 200,
    headers: {
      'content-type': 'application/samlmetadata+xml; charset=utf-8',
      'cache-control': `public, max-age=${keptFor}`,
    },
    body: writeXml(signed),
  };
}
