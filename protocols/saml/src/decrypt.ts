import {
  type ContentCipher,
  type DecryptionTrust,
  decryptElement,
  encryptionNamespace,
  getChild,
  isNamed,
  listChildren,
  type XmlElement,
  type XmlNode,
} from '@countersign/xml';
import { SamlStatusError } from './errors.ts';
import { samlNamespace } from './vocabulary.ts';

/** With what a party decrypts what was encrypted to it. */
export interface Decryption {
  trust: DecryptionTrust;
  cipher: ContentCipher;
}

/** What each encrypted element holds (SAML Core 2.2.4, 2.3.4, 2.7.3.2); BaseID, which EncryptedID could hold too, nobody sends. */
const contents: Readonly<Record<string, string>> = {
  EncryptedAssertion: 'Assertion',
  EncryptedID: 'NameID',
  EncryptedAttribute: 'Attribute',
};

/** Opens an encrypted element. Throws as {@link decryptElement}, also when something else was encrypted. */
export async function decrypt(encrypted: XmlElement, { trust, cipher }: Decryption): Promise<XmlElement> {
  const data = getChild(encrypted, encryptionNamespace, 'EncryptedData');
  // SAML Core 2.2.4: encrypted keys may stand beside the data.
  const keys = listChildren(encrypted, encryptionNamespace, 'EncryptedKey');
  const element = await decryptElement(data, trust, cipher, keys);
  const content = contents[encrypted.name] ?? '';
  if (!isNamed(element, samlNamespace, content)) {
    throw new SamlStatusError('encryption.failed', `What was encrypted is no ${content}.`);
  }
  return element;
}

/** The element with its encrypted children of that name in the clear. Its signature must have been verified before. */
export async function decryptChildren(
  element: XmlElement,
  name: 'EncryptedID' | 'EncryptedAttribute',
  decryption: Decryption,
): Promise<XmlElement> {
  return mapChildren(element, (child) => (isNamed(child, samlNamespace, name) ? decrypt(child, decryption) : child));
}

/** An assertion with the name of its subject and its attributes in the clear. */
export async function decryptParts(assertion: XmlElement, decryption: Decryption): Promise<XmlElement> {
  return mapChildren(assertion, (child) => {
    if (isNamed(child, samlNamespace, 'Subject')) return decryptChildren(child, 'EncryptedID', decryption);
    if (!isNamed(child, samlNamespace, 'AttributeStatement')) return child;
    return decryptChildren(child, 'EncryptedAttribute', decryption);
  });
}

async function mapChildren(
  element: XmlElement,
  change: (child: XmlElement) => XmlElement | Promise<XmlElement>,
): Promise<XmlElement> {
  const changed = (child: XmlNode) => (typeof child === 'string' ? child : change(child));
  return { ...element, children: await Promise.all(element.children.map(changed)) };
}
