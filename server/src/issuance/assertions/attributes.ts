import { type Claim, localAuthority } from '@countersign/claims';
import { type Attribute, attributeNameFormats } from '@countersign/saml';
import { directoryAuthority, subjectClaimTypes } from '../claims/subject-claims.ts';

/** AD FS's property by which rules say in which form an attribute's name is written. */
const attributeName = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/attributename';

/** Claims that an assertion states in places of their own. */
const statedElsewhere: readonly string[] = [
  subjectClaimTypes.nameIdentifier,
  subjectClaimTypes.authenticationInstant,
  subjectClaimTypes.authenticationMethod,
  subjectClaimTypes.actor,
];

/**
 * The claims as attributes of SAML 2.0: all values together that have one name and were stated at first by the same, in the
 * order in which they were issued.
 *
 * @param issuer  who writes them: only others are named as the first to have stated them
 */
export function samlAttributes(claims: readonly Claim[], issuer: string): Attribute[] {
  const own: ReadonlySet<string> = new Set([issuer, localAuthority, directoryAuthority]);
  const attributes = new Map<string, Attribute & { values: string[] }>();
  for (const { type: name, value, originalIssuer: first, properties } of claims) {
    if (statedElsewhere.includes(name)) continue;
    const originalIssuer = own.has(first) ? undefined : first;
    const key = JSON.stringify([name, originalIssuer]);
    // SAML Core 8.2: names that are URIs say so. Interop: Shibboleth maps by name and format.
    const nameFormat =
      properties[attributeName] ?? (name.includes(':') ? attributeNameFormats.uri : attributeNameFormats.basic);
    const attribute = attributes.get(key) ?? { name, nameFormat, originalIssuer, values: [] };
    attributes.set(key, attribute);
    if (!attribute.values.includes(value)) attribute.values.push(value);
  }
  return [...attributes.values()];
}
