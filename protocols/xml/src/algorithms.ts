// What this package knows about algorithms: one row each, by the name that trusts and settings use.

/** Digest methods of XML Signature and XML Encryption. */
export const digestAlgorithms = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
} as const;

/** Signature methods, with the digest that is used beside them and the kind of key they need. RFC 9231 lists the names. */
export const signatureAlgorithms = {
  'rsa-sha256': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digest: 'sha256',
    keyType: 'rsa',
  },
  'rsa-sha384': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
    digest: 'sha384',
    keyType: 'rsa',
  },
  'rsa-sha512': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
    digest: 'sha512',
    keyType: 'rsa',
  },
  'rsa-pss-sha256': {
    uri: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
    digest: 'sha256',
    keyType: 'rsa',
  },
  'ecdsa-sha256': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
    digest: 'sha256',
    keyType: 'ec',
  },
  'ecdsa-sha384': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384',
    digest: 'sha384',
    keyType: 'ec',
  },
  'ecdsa-sha512': {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
    digest: 'sha512',
    keyType: 'ec',
  },
  'rsa-sha1': {
    uri: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    digest: 'sha1',
    keyType: 'rsa',
  },
} as const;

/** Content encryption: key and initialization vector in bytes; GCM is authenticated, CBC is not. */
export const contentAlgorithms = {
  'aes128-gcm': { uri: 'http://www.w3.org/2009/xmlenc11#aes128-gcm', keyLength: 16, ivLength: 12, mode: 'gcm' },
  'aes256-gcm': { uri: 'http://www.w3.org/2009/xmlenc11#aes256-gcm', keyLength: 32, ivLength: 12, mode: 'gcm' },
  'aes128-cbc': { uri: 'http://www.w3.org/2001/04/xmlenc#aes128-cbc', keyLength: 16, ivLength: 16, mode: 'cbc' },
  'aes256-cbc': { uri: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc', keyLength: 32, ivLength: 16, mode: 'cbc' },
} as const;

/**
 * Key transport. RSA 1.5 is not among them: it cannot be decrypted without an oracle. `rsa-oaep-mgf1p` is OAEP with
 * SHA-1 throughout, which is what all service providers understand and is not weakened by SHA-1's collisions.
 */
export const keyTransportAlgorithms = {
  'rsa-oaep-sha256': { uri: 'http://www.w3.org/2009/xmlenc11#rsa-oaep', hash: 'sha256' },
  'rsa-oaep-mgf1p': { uri: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p', hash: 'sha1' },
} as const;

/** The mask generation functions that go with {@link keyTransportAlgorithms}. */
export const maskGeneration = {
  sha256: 'http://www.w3.org/2009/xmlenc11#mgf1sha256',
  sha1: 'http://www.w3.org/2009/xmlenc11#mgf1sha1',
} as const;

export type DigestAlgorithm = keyof typeof digestAlgorithms;
export type SignatureAlgorithm = keyof typeof signatureAlgorithms;
export type ContentAlgorithm = keyof typeof contentAlgorithms;
export type KeyTransportAlgorithm = keyof typeof keyTransportAlgorithms;

/** What a trust accepts unless it says otherwise: everything but SHA-1. */
export const defaultSignatureAlgorithms = (Object.keys(signatureAlgorithms) as SignatureAlgorithm[]).filter(
  (name) => signatureAlgorithms[name].digest !== 'sha1',
);

/** What a trust accepts unless it says otherwise: authenticated encryption only. */
export const defaultContentAlgorithms = (Object.keys(contentAlgorithms) as ContentAlgorithm[]).filter(
  (name) => contentAlgorithms[name].mode === 'gcm',
);

/** The algorithm of this URI among those allowed, or undefined. */
export function findAlgorithm<Name extends string>(
  table: Readonly<Record<Name, string | { readonly uri: string }>>,
  allowed: readonly Name[],
  uri: string,
): Name | undefined {
  return allowed.find((name) => {
    const row = table[name];
    return (typeof row === 'string' ? row : row.uri) === uri;
  });
}
