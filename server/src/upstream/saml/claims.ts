import type { StatedClaim } from '@countersign/claims';
import { type Attribute, type NameId, nameIdFormats } from '@countersign/saml';
import { subjectClaimTypes } from '../../issuance/index.ts';
import { UpstreamFailure } from '../../sign-in/index.ts';
import type { SamlTrust } from '../../upstream-providers/index.ts';

/** AD FS's properties by which rules read more of a name identifier or an attribute than its value. */
const property = (name: string) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/${name}`;
const formatProperty = property('format');
const nameFormatProperty = property('attributename');
const friendlyNameProperty = property('displayname');

/** Attributes and name as claims, each value by itself. */
export function claimsOf({ value, format = '' }: NameId, attributes: readonly Attribute[]): StatedClaim[] {
  const named = { type: subjectClaimTypes.nameIdentifier, value, properties: { [formatProperty]: format } };
  return [named, ...attributes.flatMap(stated)];
}

/**
 * Its values, with who stated them at first as the provider has it. SAML Core 2.7.3.1: the name alone says what an attribute
 * is; its friendly name is for rules that administrators write.
 */
function stated({ name, nameFormat, friendlyName, values, originalIssuer }: Attribute): StatedClaim[] {
  const properties = {
    ...(nameFormat !== undefined && { [nameFormatProperty]: nameFormat }),
    ...(friendlyName !== undefined && { [friendlyNameProperty]: friendlyName }),
  };
  return values.map((value) => ({
    type: name,
    value,
    properties,
    ...(originalIssuer !== undefined && { originalIssuer }),
  }));
}

/** Who it is, by what never changes. @throws UpstreamFailure when nothing of the kind was said */
export function subjectOf(
  { subjectAttribute }: SamlTrust,
  { value, format }: NameId,
  attributes: readonly Attribute[],
): string {
  if (subjectAttribute !== null) {
    const [subject, ...others] = attributes
      .filter(({ name }) => name === subjectAttribute)
      .flatMap(({ values }) => values);
    if (subject && others.length === 0) return subject;
    throw new UpstreamFailure('upstream_answer_wrong', `The attribute ${subjectAttribute} does not name one person.`);
  }
  // SAML Core 8.3.8: another one at every sign-in.
  if (format === nameIdFormats.transient) {
    throw new UpstreamFailure(
      'upstream_answer_wrong',
      'The name is transient, and no attribute is said to name people.',
    );
  }
  return value;
}
