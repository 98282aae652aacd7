/** What a sign-in by a federation protocol went through, for whoever has to find out why it failed. Holds no secret. */
export interface SignInTrace {
  /** The reference that a page of a refusal shows. */
  id: string;
  at: Date;
  /** Name of the protocol. */
  protocol: string;
  /** Of a sign-in with pages, its id, which they show as reference. */
  signInId: string | null;
  /** Object id of the application's service principal; null as long as it is not known. */
  applicationId: string | null;
  /** The request, decoded; at most `longestTracedText` characters. */
  request: string | null;
  /** What the application's trust says about requests and answers. */
  trust: Readonly<Record<string, unknown>> | null;
  checks: readonly TracedCheck[];
  /** Which claims came in, which rules ran, and what each made; JSON of the rules' explanation. */
  authorization: object | null;
  issuance: object | null;
  /** The token without signature and encryption. */
  token: string | null;
}

/** One thing that was checked. */
export interface TracedCheck {
  /** Stable code. */
  check: string;
  /** Section of the specification. */
  spec: string;
  hasPassed: boolean;
  /** What was wrong. */
  detail: string | null;
}

/** Longer texts are cut: a trace must not cost more than the sign-in. */
export const longestTracedText = 32_768;

/** Days for which traces are kept. */
export const traceRetentionDays = 30;

/** Where traces are kept. */
export interface SignInTraceStore {
  /** In place of the one with this id. */
  save(tenantId: string, trace: SignInTrace): Promise<void>;
  /** By its id, or by that of the sign-in. */
  find(tenantId: string, reference: string): Promise<SignInTrace | undefined>;
  /** Removes the oldest from before the time, at most so many. Returns how many. */
  prune(tenantId: string, before: Date, most: number): Promise<number>;
}
