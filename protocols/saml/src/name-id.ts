import { findAttribute, parseBoolean, textOf, type XmlElement } from '@countersign/xml';
import { SamlStatusError } from './errors.ts';
import { build, nameIdFormats } from './vocabulary.ts';

/** A name identifier (SAML Core 2.2.3). Whoever gets one must send it back as it is, qualifiers included. */
export interface NameId {
  value: string;
  format?: string | undefined;
  nameQualifier?: string | undefined;
  spNameQualifier?: string | undefined;
  spProvidedId?: string | undefined;
}

const longestNameId = 1024;

export function parseNameId(element: XmlElement): NameId {
  const value = textOf(element);
  if (value.trim() === '' || value.length > longestNameId) {
    throw new SamlStatusError('message.content', 'The name identifier is empty or too long.');
  }
  return {
    value,
    format: findAttribute(element, 'Format'),
    nameQualifier: findAttribute(element, 'NameQualifier'),
    spNameQualifier: findAttribute(element, 'SPNameQualifier'),
    spProvidedId: findAttribute(element, 'SPProvidedID'),
  };
}

export function buildNameId(nameId: NameId): XmlElement {
  return build(
    'saml:NameID',
    {
      NameQualifier: nameId.nameQualifier,
      SPNameQualifier: nameId.spNameQualifier,
      Format: nameId.format,
      SPProvidedID: nameId.spProvidedId,
    },
    nameId.value,
  );
}

/**
 * The same text for all that name the same principal: everything alike, no format being the same as "unspecified" (SAML
 * Core 3.3.4).
 */
export function nameIdKey({
  value,
  format = nameIdFormats.unspecified,
  nameQualifier,
  spNameQualifier,
}: NameId): string {
  return JSON.stringify([value, format, nameQualifier ?? null, spNameQualifier ?? null]);
}

/** What a service provider asks of the name identifier (SAML Core 3.4.1.1). */
export interface NameIdPolicy {
  format?: string | undefined;
  spNameQualifier?: string | undefined;
  /** Whether a new identifier may be made for the user. */
  allowCreate: boolean;
}

export function parseNameIdPolicy(element: XmlElement): NameIdPolicy {
  const allowCreate = findAttribute(element, 'AllowCreate');
  return {
    format: findAttribute(element, 'Format'),
    spNameQualifier: findAttribute(element, 'SPNameQualifier'),
    allowCreate: allowCreate !== undefined && parseBoolean(allowCreate),
  };
}

export function buildNameIdPolicy({ format, spNameQualifier, allowCreate }: NameIdPolicy): XmlElement {
  return build('samlp:NameIDPolicy', { Format: format, SPNameQualifier: spNameQualifier, AllowCreate: allowCreate });
}

/** What an application allows and prefers. */
export interface NameIdOffer {
  /** Entity identifier of the service provider. */
  audience: string;
  defaultFormat: string;
  formats: readonly string[];
}

/**
 * The format of the name identifier to send. No policy, no format and "unspecified" leave the choice to the
 * application's default. `allowCreate` is not looked at: whoever makes persistent identifiers knows whether this one
 * is new. Throws {@link SamlStatusError} `request.name_id_policy`.
 */
export function decideNameIdFormat(policy: NameIdPolicy | undefined, offer: NameIdOffer): string {
  const { format, spNameQualifier = offer.audience } = policy ?? {};
  // SAML Core 3.4.1.1: a foreign qualifier would be an affiliation, of which there are none here.
  if (spNameQualifier !== offer.audience) {
    throw new SamlStatusError('request.name_id_policy', `The qualifier "${spNameQualifier}" is not the requester.`);
  }
  if (format === undefined || format === nameIdFormats.unspecified) return offer.defaultFormat;
  if (format !== offer.defaultFormat && !offer.formats.includes(format)) {
    throw new SamlStatusError('request.name_id_policy', `The format "${format}" is not offered.`);
  }
  return format;
}
