import type { KoaContextWithOIDC } from 'oidc-provider';
import { postAnswer } from '../sign-in/index.ts';
import { callOf } from './call.ts';
import { putAnswer } from './put-answer.ts';

type ResponseMode = (
  ctx: KoaContextWithOIDC,
  redirectUri: string,
  answer: Record<string, unknown>,
) => void | Promise<void>;

/**
 * Response modes whose answer is a page (OAuth 2.0 Form Post Response Mode, JARM 2.3.3), in place of the provider's: its
 * page has an inline script, which our policy forbids, and says nothing in the person's language.
 */
export const formPostModes: Readonly<Record<string, ResponseMode>> = {
  form_post: post,
  'form_post.jwt': async (ctx, redirectUri, answer) => {
    const token = new ctx.oidc.provider.IdToken({}, { ctx });
    Object.assign(token, { extra: answer });
    await post(ctx, redirectUri, { response: await token.issue({ use: 'authorization' }) });
  },
};

async function post(ctx: KoaContextWithOIDC, redirectUri: string, answer: Record<string, unknown>): Promise<void> {
  const { request, frame } = callOf(ctx);
  const fields = Object.entries(answer).map(([name, value]) => [name, String(value)]);
  const { ui_locales: locales } = ctx.oidc.params ?? {};
  ctx.status = 200;
  const around = await frame(typeof locales === 'string' ? locales.split(' ') : []);
  putAnswer(ctx, postAnswer(request, around, { url: redirectUri, fields: Object.fromEntries(fields) }));
}
