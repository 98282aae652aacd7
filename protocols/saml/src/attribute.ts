import {
  findAttribute,
  findChild,
  getAttribute,
  listChildren,
  textOf,
  writeXml,
  type XmlElement,
} from '@countersign/xml';
import { build, identityClaimsNamespace, samlNamespace } from './vocabulary.ts';

/** An attribute of a subject (SAML Core 2.7.3.1), with its values as text. */
export interface Attribute {
  name: string;
  nameFormat?: string | undefined;
  friendlyName?: string | undefined;
  /** Who stated it at first, where that is not the issuer. Interop: WIF and AD FS write and read it. */
  originalIssuer?: string | undefined;
  values: readonly string[];
}

export function parseAttribute(element: XmlElement): Attribute {
  return {
    name: getAttribute(element, 'Name'),
    nameFormat: findAttribute(element, 'NameFormat'),
    friendlyName: findAttribute(element, 'FriendlyName'),
    originalIssuer: findAttribute(element, 'OriginalIssuer', identityClaimsNamespace),
    values: listChildren(element, samlNamespace, 'AttributeValue').map(parseValue),
  };
}

/** A value's text. Interop: eduPersonTargetedID wraps it in a NameID; other structured values are kept as XML. */
function parseValue(element: XmlElement): string {
  if (element.children.every((child) => typeof child === 'string')) return textOf(element);
  const nameId = findChild(element, samlNamespace, 'NameID');
  return nameId
    ? textOf(nameId)
    : element.children.map((child) => (typeof child === 'string' ? child : writeXml(child))).join('');
}

export function buildAttribute({ name, nameFormat, friendlyName, originalIssuer, values }: Attribute): XmlElement {
  return build(
    'saml:Attribute',
    { Name: name, NameFormat: nameFormat, FriendlyName: friendlyName, 'a:OriginalIssuer': originalIssuer },
    values.map((value) => build('saml:AttributeValue', {}, value)),
  );
}
