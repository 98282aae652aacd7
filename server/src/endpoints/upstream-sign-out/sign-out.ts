import type { BrandingStore } from '../../branding/index.ts';
import {
  type Departure,
  type SignInWriting,
  type SignOutBetween,
  type UpstreamSignOut,
  type UpstreamSignOutRequest,
  upstreamLogoutPath,
} from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { frameOf, postAnswer } from '../sign-in/index.ts';
import { leadOn, type SignOutCall, type SignOutProtocol } from '../sign-out/index.ts';

export interface UpstreamSignOutOptions {
  storage: { readonly read: Pick<SignInWriting, 'upstreamProviders'> & { branding: BrandingStore } };
  upstream: UpstreamSignOut;
}

/** What the answer to a provider needs to know of its request. */
export interface SuspendedSignOut {
  provider: string;
  asked: UpstreamSignOutRequest;
}

/** Tells providers that a session has ended, and answers those that said so first. */
export function upstreamSignOut({ storage, upstream }: UpstreamSignOutOptions): SignOutProtocol {
  const { branding, upstreamProviders } = storage.read;

  async function go(call: SignOutCall, { url, fields }: Departure): Promise<HttpResponse> {
    if (fields) return postAnswer(call.request, await frameOf(branding, call.tenant), { url, fields });
    return { status: 303, headers: { location: url, 'cache-control': 'no-store' } };
  }

  return {
    async notify(call, { applicationId, state }) {
      const provider = await upstreamProviders.find(call.tenant.id, applicationId);
      const told = provider && (await upstream.tell(betweenOf(call, provider), state));
      if (!told) return { by: 'nothing' };
      return { by: 'visit', messageId: told.messageId, answer: await go(call, told.departure) };
    },

    async answer(call, state, { frames, untold }) {
      const { provider: id, asked }: SuspendedSignOut = JSON.parse(state);
      const provider = await upstreamProviders.find(call.tenant.id, id);
      const answer = async (isComplete: boolean) =>
        provider && (await upstream.answer(betweenOf(call, provider), asked, isComplete));
      const departure = await answer(untold.length === 0);
      if (!departure?.fields) {
        const leading = { continueTo: departure?.url, uiLocales: [], askedBy: [] };
        return leadOn(branding, call, leading, { frames, untold });
      }
      // An answer by POST leaves no page on which the frames could load.
      return go(call, (frames.length > 0 && (await answer(false))) || departure);
    },
  };
}

export function betweenOf({ request, tenant, act }: SignOutCall, provider: SignOutBetween['provider']): SignOutBetween {
  const returnTo = request.url.origin + upstreamLogoutPath(tenant.id, provider.id);
  return { tenantId: tenant.id, provider, returnTo, now: act.now };
}
