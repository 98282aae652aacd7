import type { ProvenFactor } from '../user-flows/index.ts';

/** A person signed in with a tenant in one browser, for all applications. */
export interface Session {
  id: string;
  userId: string;
  factors: readonly ProvenFactor[];
  createdAt: Date;
  lastUsedAt: Date;
  /** It ends when it is not used until then; moves with every use, but never beyond `endsAt`. */
  validUntil: Date;
  /** It ends then in any case. */
  endsAt: Date;
  /** The cookie outlives the browser's window. */
  isKept: boolean;
  address: string;
  userAgent: string;
}

/** That a session was used for an application, so that it can be told of the end. */
export interface SessionApplication {
  /** Object id of the application's service principal. */
  applicationId: string;
  /** Name of the flow; null for the built-in one. */
  flow: string | null;
  /** The name under which the application knows us; null when it cannot be told. */
  issuer: string | null;
  lastAt: Date;
  /** What it was told of the person; null when it was not, or when all that matters is the issuer. */
  participation: Participation | null;
}

/** How an application knows the session, which its protocol needs to tell it of the end. */
export interface Participation {
  /** Name of the protocol. */
  protocol: string;
  /** JSON of the endpoint that speaks the protocol. */
  state: string;
}
