import { saml11Namespace, samlNamespace } from '@countersign/saml';
import { emptyScope, vocabulary, writeXml, type XmlElement } from '@countersign/xml';
import { saml11AttributeOf, type TokenClaim } from './claim-type.ts';
import type { AssertionKind } from './vocabulary.ts';

/** Type of the claim that says who acts for the subject. */
export const actorClaimType = 'http://schemas.xmlsoap.org/ws/2009/09/identity/claims/actor';

const nameClaimType = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';

const [build11, build20] = [vocabulary({ saml: saml11Namespace }), vocabulary({ saml: samlNamespace })];

/**
 * The claim that a token carries which was asked for with ActAs (WS-Trust 1.4 9.3, which leaves its form open).
 * Interop: as AD FS writes and Windows Identity Foundation reads it, the text of an element with the actor's attributes.
 *
 * @param actors  names; whoever acts now first, then for whom that one acted before
 */
export function actorClaim(kind: AssertionKind, actors: readonly string[]): TokenClaim {
  return { type: actorClaimType, values: [writeXml(actorElement(kind, actors))] };
}

function actorElement(kind: AssertionKind, [name = '', ...before]: readonly string[]): XmlElement {
  const claims = [{ type: nameClaimType, values: [name] }, ...(before.length > 0 ? [actorClaim(kind, before)] : [])];
  const children = claims.map((claim) => attributeOf[kind](claim));
  return { prefix: '', name: 'Actor', namespace: '', attributes: [], children, scope: emptyScope };
}

const attributeOf: Readonly<Record<AssertionKind, (claim: TokenClaim) => XmlElement>> = {
  saml11(claim) {
    const { namespace, name, values } = saml11AttributeOf(claim);
    const content = values.map((value) => build11('saml:AttributeValue', {}, value));
    return build11('saml:Attribute', { AttributeName: name, AttributeNamespace: namespace }, content);
  },
  saml20: ({ type, values }) =>
    build20(
      'saml:Attribute',
      { Name: type },
      values.map((value) => build20('saml:AttributeValue', {}, value)),
    ),
};
