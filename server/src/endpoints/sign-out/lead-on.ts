import type { HttpResponse } from '../http.ts';
import { frameOf, signedOutAnswer } from '../sign-in/index.ts';
import type { SignedOut, SignOutCall } from './protocol.ts';

/** What is kept of a request for sign-out whose answer is no message, but where the browser goes. */
export interface Leading {
  /** Undefined: it stays on our page. */
  continueTo: string | undefined;
  uiLocales: readonly string[];
  /** Object ids of the applications that may have asked: they know. */
  askedBy: readonly string[];
  /** The origin whose page has ours in a frame. */
  framedBy?: string;
}

/** Sends the browser on, over a page where something must be loaded first. */
export async function leadOn(
  branding: Parameters<typeof frameOf>[0],
  { request, tenant }: SignOutCall,
  { continueTo, uiLocales, askedBy, framedBy }: Leading,
  { frames, untold }: SignedOut,
): Promise<HttpResponse> {
  if (continueTo !== undefined && frames.length === 0) return { status: 303, headers: { location: continueTo } };
  const others = untold.filter(({ applicationId }) => !askedBy.includes(applicationId)).map(({ name }) => name);
  const frame = await frameOf(branding, tenant, uiLocales);
  return signedOutAnswer(request, frame, { frames, untold: others, continueTo }, framedBy);
}
