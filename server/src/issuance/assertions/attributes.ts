import type { Claim } from '@countersign/claims';
import { type Attribute, attributeNameFormats } from '@countersign/saml';
import { subjectClaimTypes } from '../claims/subject-claims.ts';

/** AD FS's property by which rules say in which form an attribute's name is written. */
const attributeName = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/attributename';

/** Claims that an assertion states in places of their own. */
const statedElsewhere: readonly string[] = [
  subjectClaimTypes.nameIdentifier,
  subjectClaimTypes.authenticationInstant,
  subjectClaimTypes.authenticationMethod,
  subjectClaimTypes.actor,
];

/** The claims as attributes of SAML 2.0: all values of one name together, in the order in which they were issued. */
export function samlAttributes(claims: readonly Claim[]): Attribute[] {
  const byName = new Map<string, { nameFormat: string; values: string[] }>();
  for (const { type, value, properties } of claims) {
    if (statedElsewhere.includes(type)) continue;
    // SAML Core 8.2: names that are URIs say so. Interop: Shibboleth maps by name and format.
    const nameFormat =
      properties[attributeName] ?? (type.includes(':') ? attributeNameFormats.uri : attributeNameFormats.basic);
    const attribute = byName.get(type) ?? { nameFormat, values: [] };
    byName.set(type, attribute);
    if (!attribute.values.includes(value)) attribute.values.push(value);
  }
  return [...byName].map(([name, { nameFormat, values }]) => ({ name, nameFormat, values }));
}
