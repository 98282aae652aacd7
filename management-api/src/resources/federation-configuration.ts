import { z } from 'zod';
import { promptLoginBehavior } from './identity-provider.ts';
import { flag, resource, text } from './property.ts';

// An identity provider that speaks SAML or WS-Federation, as Microsoft Graph describes it beside the domains of its
// people. It is one of the tenant's identity providers, under the same id; certificates are DER in base64.

const shown = {
  displayName: text,
  /** Issuer or entity identifier. */
  issuerUri: text,
  /** Where browsers are sent. */
  passiveSignInUri: text,
  metadataExchangeUri: text,
  preferredAuthenticationProtocol: text,
  signingCertificate: text,
};

const written = {
  '@odata.type': z.string().optional(),
  displayName: z.string(),
  issuerUri: z.string(),
  passiveSignInUri: z.string(),
  metadataExchangeUri: text.optional(),
  preferredAuthenticationProtocol: z.enum(['wsFed', 'saml']),
  signingCertificate: z.string(),
};

/** For a domain of the tenant itself. https://learn.microsoft.com/graph/api/resources/internaldomainfederation */
export const internalDomainFederation = resource('microsoft.graph.internalDomainFederation', {
  ...shown,
  /** Where programs send passwords. */
  activeSignInUri: text,
  nextSigningCertificate: text,
  isSignedAuthenticationRequestRequired: flag,
  federatedIdpMfaBehavior: text,
  promptLoginBehavior: text,
  /** Where people are signed out as well. Null: they stay signed in there. */
  signOutUri: text,
});

export const createInternalDomainFederationRequest = z.strictObject({
  ...written,
  activeSignInUri: text.optional(),
  nextSigningCertificate: text.optional(),
  /** Of SAML; WS-Federation has no signed requests. */
  isSignedAuthenticationRequestRequired: z.boolean().optional(),
  federatedIdpMfaBehavior: z.enum(['acceptIfMfaDoneByFederatedIdp', 'rejectMfaByFederatedIdp']).optional(),
  promptLoginBehavior: promptLoginBehavior.optional(),
  /** Of WS-Federation it is passiveSignInUri, with or without `wa`. */
  signOutUri: text.optional(),
});

export const updateInternalDomainFederationRequest = createInternalDomainFederationRequest.partial();

/** For domains of others. https://learn.microsoft.com/graph/api/resources/samlorwsfedexternaldomainfederation */
export const externalDomainFederation = resource('microsoft.graph.samlOrWsFedExternalDomainFederation', shown);

/** Its id is its name. https://learn.microsoft.com/graph/api/resources/externaldomainname */
export const externalDomainName = resource('microsoft.graph.externalDomainName', {});

export const addExternalDomainNameRequest = z.strictObject({ '@odata.type': z.string().optional(), id: z.string() });

export const createExternalDomainFederationRequest = z.strictObject({
  ...written,
  domains: z.array(addExternalDomainNameRequest).optional(),
});

export const updateExternalDomainFederationRequest = z.strictObject(written).partial();
