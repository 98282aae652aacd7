/** One statement about somebody. */
export interface Claim {
  type: string;
  value: string;
  /** Who signed the token in which it stands. */
  issuer: string;
}

/** Somebody who has signed in, as the token says. */
export interface Person {
  protocol: ProtocolName;
  /** The kind of token, in words. */
  tokenKind: string;
  claims: readonly Claim[];
  /** The token, for whoever wants to look at it. */
  token: string;
  /** By what the hub names the session, where the protocol does. */
  session: { nameId: string; nameIdFormat: string; index: string } | undefined;
}

export const protocolNames = { 'ws-federation': 'WS-Federation', saml: 'SAML 2.0' } as const;
export type ProtocolName = keyof typeof protocolNames;

/** Types of claims that this application understands. Others it only shows. */
export const claimTypes = {
  nameIdentifier: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
  name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  role: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
} as const;

export function valuesOf({ claims }: Person, wanted: keyof typeof claimTypes): string[] {
  return claims.filter(({ type }) => type === claimTypes[wanted]).map(({ value }) => value);
}

/** What a page calls the person. */
export function nameOf(person: Person): string {
  const [name = 'Signed in'] = [...valuesOf(person, 'name'), ...valuesOf(person, 'nameIdentifier')];
  return name;
}
