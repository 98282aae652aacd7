import { subjectClaimTypes } from '../issuance/index.ts';
import type { UpstreamProtocolName } from './provider.ts';

/** Interop: by this claim Entra and its Connect name the user of an on-premises directory. */
export const immutableIdClaim = 'http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID';

/** What becomes of the claims of providers without rules of their own: who somebody is, and nothing about rights. */
export const defaultAcceptanceRules: Readonly<Record<UpstreamProtocolName, string>> = {
  // OIDC Core 5.1. An address that the provider has not verified is nobody's.
  oidc: [
    renamed('given_name', subjectClaimTypes.givenName),
    renamed('family_name', subjectClaimTypes.surname),
    renamed('name', subjectClaimTypes.displayName),
    renamed('upn', subjectClaimTypes.upn),
    `c:[Type == "email"] && EXISTS([Type == "email_verified", Value == "true"]) => ${issuing(subjectClaimTypes.emailAddress)}`,
  ].join('\n'),
};

function renamed(from: string, to: string): string {
  return `c:[Type == "${from}"] => ${issuing(to)}`;
}

function issuing(type: string): string {
  return `issue(Type = "${type}", Value = c.Value, Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer);`;
}
