import type { KoaContextWithOIDC } from 'oidc-provider';
import type { HttpResponse } from '../http.ts';

/** Puts an answer of ours in the place of the provider's. Its status stays. */
export function putAnswer(ctx: KoaContextWithOIDC, { headers = {}, body }: HttpResponse): void {
  for (const [name, value] of Object.entries(headers)) ctx.set(name, String(value));
  ctx.body = body;
}
