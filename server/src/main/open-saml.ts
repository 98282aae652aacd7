import { randomBytes } from 'node:crypto';
import { type SamlOptions, samlRoutes } from '../endpoints/saml/index.ts';
import type { Mount } from '../http/index.ts';
import { claimsIssuer } from '../issuance/index.ts';
import { newId } from '../new-id.ts';
import { openSignOut, type SignOutParts } from './open-sign-out.ts';

/** SAML 2.0 as an identity provider. */
export function openSaml({ storage, keys, publicUrl, fetch, now }: SignOutParts & Pick<SamlOptions, 'now'>): Mount {
  return {
    routes: samlRoutes({
      storage,
      keys,
      publicUrl,
      signOut: openSignOut({ storage, keys, publicUrl, fetch }),
      now,
      newId,
      issueClaims: claimsIssuer(),
      newSecret: () => randomBytes(32).toString('base64url'),
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
    }),
  };
}
