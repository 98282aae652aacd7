import type { Entity } from '@countersign/saml';
import { parseFederationMetadata } from '@countersign/ws-federation';
import type { XmlElement } from '@countersign/xml';
import {
  type RelyingParty,
  type RelyingPartyInput,
  relyingPartyOfFederationMetadata,
  relyingPartyOfMetadata,
} from '../applications/index.ts';
import { type Described, describe } from './described.ts';

/**
 * What the metadata of an application says of the trust.
 *
 * @param protocol  by which, when it describes several; otherwise SAML where it describes that
 * @param entityId  which entity, when it describes several
 * @throws Refusal `federation-metadata.unusable`, `applications.relying_party_invalid`
 */
export function describeRelyingParty(
  protocol: RelyingParty['protocol'] | undefined,
  document: XmlElement,
  entityId: string | undefined,
  now: Date,
): Described<RelyingPartyInput> {
  return describe(document, entityId, now, (entity) => ({
    ...readers[protocol ?? (entity.serviceProvider ? 'saml' : 'wsFederation')](entity, document),
    isMetadataExpired: false,
  }));
}

const readers: Readonly<Record<RelyingParty['protocol'], (entity: Entity, document: XmlElement) => RelyingPartyInput>> =
  {
    saml: (entity) => relyingPartyOfMetadata(entity),
    wsFederation: (_, document) => relyingPartyOfFederationMetadata(parseFederationMetadata(document)),
  };
