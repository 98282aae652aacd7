import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';
import { foundation } from './0001-foundation.ts';
import { signIn } from './0002-sign-in.ts';
import { redeemable } from './0003-redeemable.ts';
import { people } from './0004-people.ts';
import { signInAdministration } from './0005-sign-in-administration.ts';
import { scimToken } from './0006-scim-token.ts';
import { provisioning } from './0007-provisioning.ts';
import { logout } from './0008-logout.ts';
import { applicationHome } from './0009-application-home.ts';
import { relyingParty } from './0010-relying-party.ts';
import { upstreamProvider } from './0012-upstream-provider.ts';
import { participation } from './0013-participation.ts';
import { signInTrace } from './0013-sign-in-trace.ts';
import { uncertainMembers } from './0014-uncertain-members.ts';
import { clientRegistration } from './0016-client-registration.ts';
import { provisioningLogSearch } from './0017-provisioning-log-search.ts';
import { federationMetadata } from './0018-federation-metadata.ts';
import { signInType } from './0020-sign-in-type.ts';
import { sessionNames } from './0026-session-names.ts';
import { upstreamSessions } from './0030-upstream-sessions.ts';
import { ruleGroups } from './0031-rule-groups.ts';
import { signingSecrets } from './0032-signing-secrets.ts';
import type { MigrationName } from './names.ts';

/** What each migration does. */
export const migrations: Record<MigrationName, (db: Kysely<unknown>, columns: Columns) => Promise<void>> = {
  '0001-foundation': foundation,
  '0002-sign-in': signIn,
  '0003-redeemable': redeemable,
  '0004-people': people,
  '0005-sign-in-administration': signInAdministration,
  '0006-scim-token': scimToken,
  '0007-provisioning': provisioning,
  '0008-logout': logout,
  '0009-application-home': applicationHome,
  '0010-relying-party': relyingParty,
  '0012-upstream-provider': upstreamProvider,
  '0013-participation': participation,
  '0013-sign-in-trace': signInTrace,
  '0014-uncertain-members': uncertainMembers,
  '0016-client-registration': clientRegistration,
  '0017-provisioning-log-search': provisioningLogSearch,
  '0018-federation-metadata': federationMetadata,
  '0020-sign-in-type': signInType,
  '0026-session-names': sessionNames,
  '0030-upstream-sessions': upstreamSessions,
  '0031-rule-groups': ruleGroups,
  '0032-signing-secrets': signingSecrets,
};
