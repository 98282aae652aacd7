import type { Claim } from '@countersign/claims';
import { type NameId, nameIdFormats } from '@countersign/saml';
import type { ApplicationStores, RelyingParty } from '../../applications/index.ts';
import type { DirectoryObject } from '../../directory/index.ts';
import { subjectClaimTypes } from '../claims/subject-claims.ts';

type Stores = Pick<ApplicationStores, 'persistentNames'>;

/** Who names a person, and where names are kept that have to stay. */
export interface Naming {
  storage: { write<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> };
  tenantId: string;
  /** The tenant's name as an issuer. */
  issuer: string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
}

/** AD FS's property by which rules say which format a name identifier has. */
const formatProperty = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format';

/**
 * The name of the person for the application: what its rules issue as name identifier, in their format or the one that was
 * decided; otherwise what the format says.
 */
export async function nameIdOf(
  naming: Naming,
  party: RelyingParty,
  format: string,
  { claims, user }: { claims: readonly Claim[]; user: DirectoryObject },
): Promise<NameId> {
  const issued = claims.find(({ type }) => type === subjectClaimTypes.nameIdentifier);
  if (issued) return { value: issued.value, format: issued.properties[formatProperty] || format };
  const { userPrincipalName, mail } = user.attributes;
  const name = String(userPrincipalName ?? user.id);
  switch (format) {
    case nameIdFormats.emailAddress:
      return { value: String(mail ?? name), format };
    case nameIdFormats.persistent:
      return {
        value: await persistentNameOf(naming, party, user.id),
        format,
        // SAML Core 8.3.7: who made it, and for whom.
        nameQualifier: naming.issuer,
        spNameQualifier: party.identifier,
      };
    case nameIdFormats.transient:
      // SAML Core 8.3.8: of a short life, and without meaning to anybody else.
      return { value: newAssertionId(naming.newSecret), format };
    default:
      return { value: name, format };
  }
}

/** SAML Core 8.3.7: opaque, the same at every sign-in, and another one for every application. */
function persistentNameOf(
  { storage, tenantId, newSecret }: Naming,
  party: RelyingParty,
  userId: string,
): Promise<string> {
  const { servicePrincipalId } = party;
  return storage.write((stores) =>
    stores.persistentNames.findOrKeep(tenantId, servicePrincipalId, userId, newSecret()),
  );
}

/** SAML Core 1.3.4: at most one chance in 2^128 of two alike, and xs:ID begins with no digit. */
export function newAssertionId(newSecret: () => string): string {
  return `_${newSecret()}`;
}
