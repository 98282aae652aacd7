import type { Claim } from '@countersign/claims';
import type { NameId, ProxyRestriction } from '@countersign/saml';

/** What a token says of a person. */
export interface TokenContent {
  nameId: NameId;
  claims: readonly Claim[];
  authenticatedAt: Date;
  /** URI of the way in which the person signed in, in the words of the kind of token. */
  authenticationMethod: string;
  /** Who acts for the person with the token, by name; whoever acts now first. Empty: the token says nothing of it. */
  actors?: readonly string[];
  /** Only SAML 2.0 has such a condition. */
  proxyRestriction?: ProxyRestriction | undefined;
}

/** All that a token says, whatever its kind. */
export interface UnsignedToken extends TokenContent {
  id: string;
  issuer: string;
  issueInstant: Date;
  notBefore: Date;
  notOnOrAfter: Date;
  audience: string;
}
