import { microsoftGraphAppId } from '../../../applications/index.ts';

/** Scopes of OpenID Connect itself, which belong to no resource. */
const openIdScopes = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']);

/** A scope as Microsoft's clients write it: the resource's name, a slash and the scope's. */
export interface QualifiedScope {
  /** As it was requested. */
  text: string;
  resource: string;
  /** `.default` asks for everything that was consented to. */
  name: string;
}

/** Everything that was consented to at a resource. */
export const everything = '.default';

/** The scopes of a request, sorted by whom they belong to. */
export interface ReadScopes {
  /** Of OpenID Connect. */
  plain: string[];
  /** Of resources that they name. */
  qualified: QualifiedScope[];
  /** Of a resource that is not named. */
  bare: string[];
}

/** Reads the scope of a request. */
export function readScopes(scope: string): ReadScopes {
  const words = scope.split(' ').filter(Boolean);
  const others = words.filter((word) => !openIdScopes.has(word));
  return {
    plain: words.filter((word) => openIdScopes.has(word)),
    // Interop: the Azure CLI asks for https://arm//.default, whose resource is https://arm/ with the slash.
    qualified: others.filter((word) => word.includes('/')).map(qualify),
    bare: others.filter((word) => !word.includes('/')),
  };
}

function qualify(text: string): QualifiedScope {
  const cut = text.lastIndexOf('/');
  return { text, resource: text.slice(0, cut), name: text.slice(cut + 1) };
}

/**
 * Interop: applications ask for User.Read and mean Microsoft Graph's; those for Azure AD B2C ask by their own id for a
 * token for themselves.
 */
export function qualifyBare(text: string, clientId: string): QualifiedScope {
  return text.toLowerCase() === clientId.toLowerCase()
    ? { text, resource: text, name: everything }
    : { text, resource: microsoftGraphAppId, name: text };
}
