import { findServicePrincipal } from '../../../applications/index.ts';
import { type AttemptLimit, claimAttempt, forgiveAttempt, limitedAddress } from '../../../user-flows/index.ts';
import type { HttpRequest, HttpResponse } from '../../http.ts';
import { browserCookie, browserOf, readForm } from '../../sign-in/index.ts';
import type { OAuthCall } from '../call.ts';
import { isPageToken, pageToken } from '../page-token.ts';
import type { OAuthOptions } from '../stores.ts';
import { denyDevice, findWaitingDevice, pollSeconds } from './device-codes.ts';
import { codePage, confirmPage, endPage } from './device-pages.ts';

/**
 * Wrong codes from one address before it has to wait (RFC 8628 5.1). A code has 34 random bits and a quarter of an hour to
 * live: at this pace nobody finds one.
 */
const guesses: AttemptLimit = { free: 10, firstPauseSeconds: 60, longestPauseSeconds: 3600 };

/** The page on which people type the code of a device. `verification_uri_complete` has filled it in. */
export async function showCodePage({ newSecret, deriveKey }: OAuthOptions, call: OAuthCall): Promise<HttpResponse> {
  const { request, tenant } = call;
  const secret = browserOf(request, tenant.id).secret ?? newSecret();
  const code = request.url.searchParams.get('user_code') ?? '';
  const answer = await codePage(call, { token: pageToken(deriveKey, secret), code });
  return { ...answer, headers: { ...answer.headers, 'set-cookie': browserCookie(request.url, tenant.id, secret) } };
}

/**
 * What was posted there: a code, which the person then confirms, or the decision. Letting the device in goes on with
 * `signIn`, in which the person signs in for the request that the device has made.
 */
export async function answerCodePage(
  options: OAuthOptions,
  call: OAuthCall,
  signIn: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { request, tenant } = call;
  const { csrf = '', user_code: code = '', action } = readForm(request);
  const secret = browserOf(request, tenant.id).secret ?? '';
  const token = pageToken(options.deriveKey, secret);
  const again = (key: string) => codePage(call, { token, code, problem: { key } });
  // Another site's page cannot let a device in: only ours has the token of this browser.
  if (secret === '' || !isPageToken(csrf, token)) return showCodePage(options, call);

  const counted = [{ key: `user codes from ${limitedAddress(request.remoteAddress)}`, limit: guesses }];
  const now = options.now();
  const isPaused = await options.storage.write((stores) => claimAttempt(stores, tenant.id, now, counted));
  if (isPaused) return again('device.paused');
  const device = await findWaitingDevice(options, tenant.id, code);
  const client = device && (await findServicePrincipal(options.storage.read, tenant.id, device.clientId));
  if (!device || !client?.attributes.accountEnabled) return again('device.wrong');
  await options.storage.write((stores) => forgiveAttempt(stores, tenant.id, now, counted, []));

  if (action === 'confirm') {
    call.device = device;
    return signIn();
  }
  if (action === 'deny') {
    await denyDevice(options, call, device);
    return endPage(call, 'denied');
  }
  return confirmPage(call, device, { token, code, application: client.attributes.displayName });
}

/** The request by which the provider goes on: it knows the page only as something that a browser comes back to. */
export function resumingRequest(request: HttpRequest): HttpRequest {
  const url = new URL(request.url);
  url.search = '';
  return { ...request, url, method: 'GET', body: undefined };
}

/** Says how often to ask: clients poll every five seconds when they are not told (RFC 8628 3.2), which is what is meant. */
export function withInterval(response: HttpResponse): HttpResponse {
  if (response.status !== 200 || typeof response.body !== 'string') return response;
  return { ...response, body: JSON.stringify({ ...JSON.parse(response.body), interval: pollSeconds }) };
}
