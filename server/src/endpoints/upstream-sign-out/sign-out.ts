import type { BrandingStore } from '../../branding/index.ts';
import {
  type Departure,
  type SignInWriting,
  type SignOutBetween,
  UpstreamFailure,
  type UpstreamSignOut,
  type UpstreamSignOutRequest,
  upstreamLogoutPath,
  upstreamSoapPath,
} from '../../sign-in/index.ts';
import { frameOf, postAnswer } from '../sign-in/index.ts';
import { leadOn, type SignOutCall, type SignOutProtocol } from '../sign-out/index.ts';

export interface UpstreamSignOutOptions {
  storage: { readonly read: Pick<SignInWriting, 'upstreamProviders'> & { branding: BrandingStore } };
  upstream: UpstreamSignOut;
}

/** What the answer to a provider needs to know of what it said. */
export interface SuspendedSignOut {
  provider: string;
  /** Null: it waits for no answer, and has our page in a frame. */
  asked: UpstreamSignOutRequest | null;
}

const leading = { uiLocales: [], askedBy: [] };

/** Tells providers that a session has ended, and answers those that said so first. */
export function upstreamSignOut({ storage, upstream }: UpstreamSignOutOptions): SignOutProtocol {
  const { branding, upstreamProviders } = storage.read;

  const post = async (call: SignOutCall, url: string, fields: NonNullable<Departure['fields']>) =>
    postAnswer(call.request, await frameOf(branding, call.tenant), { url, fields });

  return {
    async notify(call, { applicationId, state }, { frames, reach }) {
      const provider = await upstreamProviders.find(call.tenant.id, applicationId);
      if (!provider) return { by: 'nothing' };
      try {
        const told = await upstream.tell(betweenOf(call, provider), state, reach === 'visit');
        if (!told) return { by: 'nothing' };
        if (told.by === 'call') return told;
        if (reach !== 'visit') return undefined;
        const { messageId, departure } = told;
        if (departure.fields) {
          return { by: 'visit', messageId, answer: await post(call, departure.url, departure.fields) };
        }
        const signedOut = { frames, untold: [] };
        const answer = await leadOn(branding, call, { ...leading, continueTo: departure.url }, signedOut);
        return { by: 'visit', messageId, answer, hasFrames: true };
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error;
        return undefined;
      }
    },

    async answer(call, state, signedOut) {
      const { provider: id, asked }: SuspendedSignOut = JSON.parse(state);
      const provider = await upstreamProviders.find(call.tenant.id, id);
      if (!provider || !asked) {
        const framedBy = provider && originOf(provider);
        return leadOn(branding, call, { ...leading, continueTo: undefined, ...(framedBy && { framedBy }) }, signedOut);
      }
      const { frames, untold } = signedOut;
      const answer = (isComplete: boolean) => upstream.answer(betweenOf(call, provider), asked, isComplete);
      const departure = await answer(untold.length === 0);
      if (!departure?.fields) return leadOn(branding, call, { ...leading, continueTo: departure?.url }, signedOut);
      // An answer by POST leaves no page on which the frames could load.
      const { url, fields } = (frames.length > 0 && (await answer(false))) || departure;
      return post(call, url, fields ?? {});
    },
  };
}

export function betweenOf({ request, tenant, act }: SignOutCall, provider: SignOutBetween['provider']): SignOutBetween {
  const returnTo = request.url.origin + upstreamLogoutPath(tenant.id, provider.id);
  const soapAddress = request.url.origin + upstreamSoapPath(tenant.id, provider.id);
  return { tenantId: tenant.id, provider, returnTo, soapAddress, now: act.now };
}

/** Where the provider has its pages. */
function originOf(provider: SignOutBetween['provider']): string | undefined {
  const address = provider.protocol === 'wsFederation' ? provider.wsFederation.passiveEndpoint : provider.issuer;
  return URL.parse(address)?.origin;
}
