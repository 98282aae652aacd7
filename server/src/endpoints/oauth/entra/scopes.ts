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

/** The scopes of a request, sorted by whom they belong to. Scopes without a slash are left alone. */
export function readScopes(scope: string): { plain: string[]; qualified: QualifiedScope[] } {
  const words = scope.split(' ').filter(Boolean);
  const isQualified = (word: string) => word.includes('/') && !openIdScopes.has(word);
  return {
    plain: words.filter((word) => !isQualified(word)),
    // Interop: the Azure CLI asks for https://arm//.default, whose resource is https://arm/ with the slash.
    qualified: words.filter(isQualified).map((text) => {
      const cut = text.lastIndexOf('/');
      return { text, resource: text.slice(0, cut), name: text.slice(cut + 1) };
    }),
  };
}
