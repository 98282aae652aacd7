import { z } from 'zod';
import { dateTime, resource, text } from './property.ts';

const check = z.object({
  /** Stable code of what is refused where the check fails. */
  check: z.string(),
  spec: z.string(),
  hasPassed: z.boolean(),
  detail: text,
});

const anything = z.record(z.string(), z.unknown()).nullable();

/** What a sign-in by a federation protocol went through. */
export const signInTrace = resource('countersign.signInTrace', {
  createdDateTime: dateTime,
  protocol: z.string(),
  /** Of a sign-in with pages; they show it as reference, and the sign-in log has it as correlation id. */
  signInId: text,
  servicePrincipalId: text,
  /** The request, decoded. */
  request: text,
  /** What the trust says about requests and answers. */
  trust: anything,
  checks: z.array(check),
  /** Which claims came in, and what each rule made of them. */
  authorization: anything,
  issuance: anything,
  /** The token, without signature and encryption. */
  token: text,
});
