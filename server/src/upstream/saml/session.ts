import { type NameId, nameIdKey } from '@countersign/saml';
import { digestOf } from '../../sign-in/index.ts';
import type { UpstreamSession } from '../../upstream-providers/index.ts';

/** How a provider named its session to us (SAML Core 3.7.1): so the one that ends it names it to the other. */
export interface SamlSession {
  nameId: NameId;
  /** Null: it has one for each person. */
  sessionIndex: string | null;
}

/** The session of an assertion, to be kept with ours. */
export function sessionOf(providerId: string, nameId: NameId, sessionIndex: string | undefined): UpstreamSession {
  const session: SamlSession = { nameId, sessionIndex: sessionIndex ?? null };
  return { key: sessionKeyOf(providerId, nameId), state: JSON.stringify(session) };
}

/** By which the sessions are found of whom a provider gives this name. */
export function sessionKeyOf(providerId: string, nameId: NameId): string {
  return digestOf(`${providerId} ${nameIdKey(nameId)}`);
}
