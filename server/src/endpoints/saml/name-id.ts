import type { Claim } from '@countersign/claims';
import { type NameId, nameIdFormats } from '@countersign/saml';
import type { RelyingParty } from '../../applications/index.ts';
import type { DirectoryObject } from '../../directory/index.ts';
import { subjectClaimTypes } from '../../issuance/index.ts';
import { newMessageId, type SamlCall } from './saml-call.ts';

/** AD FS's property by which rules say which format a name identifier has. */
const formatProperty = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format';

/**
 * The name of the person for the application: what its rules issue as name identifier, in their format or the one that was
 * decided; otherwise what the format says.
 */
export async function nameIdOf(
  call: SamlCall,
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
        value: await persistentNameOf(call, party, user.id),
        format,
        // SAML Core 8.3.7: who made it, and for whom.
        nameQualifier: call.addresses.entityId,
        spNameQualifier: party.identifier,
      };
    case nameIdFormats.transient:
      // SAML Core 8.3.8: of a short life, and without meaning to anybody else.
      return { value: newMessageId(call.options), format };
    default:
      return { value: name, format };
  }
}

/** SAML Core 8.3.7: opaque, the same at every sign-in, and another one for every application. */
function persistentNameOf({ options, tenant }: SamlCall, party: RelyingParty, userId: string): Promise<string> {
  const { servicePrincipalId } = party;
  return options.storage.write((stores) =>
    stores.persistentNames.findOrKeep(tenant.id, servicePrincipalId, userId, options.newSecret()),
  );
}
