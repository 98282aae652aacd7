import { explain } from '@countersign/claims';
import type { RelyingParty } from '../../applications/index.ts';
import type { Act } from '../../audit/index.ts';
import type { IssueClaims } from '../../issuance/index.ts';
import { longestTracedText, type SignInTrace, type TracedCheck } from '../../sign-in/index.ts';

/** Collects what a request goes through, for the trace that is kept of it. */
export class Tracing {
  #trace: SignInTrace;

  constructor(protocol: string, { correlationId, now }: Pick<Act, 'correlationId' | 'now'>) {
    this.#trace = {
      id: correlationId,
      at: now,
      protocol,
      signInId: null,
      applicationId: null,
      request: null,
      trust: null,
      checks: [],
      authorization: null,
      issuance: null,
      token: null,
    };
  }

  get trace(): SignInTrace {
    return this.#trace;
  }

  /** Goes on with the trace of an earlier request of the same sign-in. */
  resume(earlier: SignInTrace | undefined): void {
    if (earlier) this.#trace = earlier;
  }

  note(part: Partial<Omit<SignInTrace, 'id' | 'at' | 'checks'>>): void {
    const cut = (text: string | null) => text?.slice(0, longestTracedText) ?? null;
    const { request = this.#trace.request, token = this.#trace.token } = part;
    this.#trace = { ...this.#trace, ...part, request: cut(request), token: cut(token) };
  }

  /** Notes of whom the request is, and what the trust in it says. */
  noteParty({ servicePrincipalId, issuanceRules, authorizationRules, ...trust }: RelyingParty): void {
    this.note({ applicationId: servicePrincipalId, trust });
  }

  /** Notes what the rules made of a person's claims. */
  noteClaims({ authorization, issuance }: Awaited<ReturnType<IssueClaims>>): void {
    this.note({ authorization: explain(authorization), issuance: issuance ? explain(issuance) : null });
  }

  passed(check: string, spec: string): void {
    this.#add({ check, spec, hasPassed: true, detail: null });
  }

  failed({ reason, spec, message }: { reason: string; spec: string; message: string }): void {
    this.#add({ check: reason, spec, hasPassed: false, detail: message.slice(0, longestTracedText) });
  }

  #add(check: TracedCheck): void {
    this.#trace = { ...this.#trace, checks: [...this.#trace.checks, check] };
  }
}
