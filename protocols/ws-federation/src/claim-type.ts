import type { Attribute, Saml11Attribute } from '@countersign/saml';
import { WsFederationError } from './errors.ts';

/** A claim in a token: its type is a URI. */
export interface TokenClaim {
  type: string;
  values: readonly string[];
  /** Who stated it at first, where that is not the issuer. */
  originalIssuer?: string | undefined;
}

/**
 * A claim as a SAML 1.1 attribute: the type's part before the last "/" is the attribute's namespace, the part behind it
 * the name. Throws {@link WsFederationError} `claim.type` for types that have no such parts.
 */
export function saml11AttributeOf({ type, values, originalIssuer }: TokenClaim): Saml11Attribute {
  const at = type.lastIndexOf('/');
  if (at < 1 || at === type.length - 1) throw new WsFederationError('claim.type', `It is "${type}".`);
  return { namespace: type.slice(0, at), name: type.slice(at + 1), values, originalIssuer };
}

/** A SAML 1.1 attribute as a claim. */
export function claimOfSaml11({ namespace, name, values, originalIssuer }: Saml11Attribute): TokenClaim {
  return { type: namespace === '' ? name : `${namespace}/${name}`, values, originalIssuer };
}

/** A SAML 2.0 attribute as a claim: its name is the type. */
export function claimOfSaml20({ name, values, originalIssuer }: Attribute): TokenClaim {
  return { type: name, values, originalIssuer };
}
