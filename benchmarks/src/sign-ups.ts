import { walk } from '../../e2e/peers/walk-sign-in.ts';
import { createClientOf } from './callers.ts';
import { CaughtMail } from './caught-mail.ts';
import { Hub } from './hub.ts';
import { runClosed } from './load.ts';
import { printProgress, type Row } from './report.ts';

const callback = 'https://shop.bench.example/callback';
const flow = 'B2C_1_signup';
const password = 'correct horse battery staple';
/** Sign-ups that are walked at once. */
const walksAtOnce = 100;

/**
 * Whole sign-ups of customers, from the application to its tokens: an e-mail address that is proven by a code, attributes
 * and a password, page by page as a browser without JavaScript goes.
 */
export async function measureSignUps(
  engine: Hub['engine'],
  count: number,
  placement: Parameters<typeof Hub.create>[1],
): Promise<Row> {
  const mail = await CaughtMail.open();
  // Each person comes from elsewhere, as in life: codes for many people at one address have to wait.
  const settings = { COUNTERSIGN_SMTP_URL: mail.url, COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.0/8' };
  const hub = await Hub.create(engine, placement, settings);
  try {
    await hub.start();
    const signUp = await prepare(hub, mail);
    await signUp(0);
    const result = await runClosed(hub, walksAtOnce, count, (index) => signUp(index + 1));
    const row = { what: `whole sign-ups (${Math.min(walksAtOnce, count)} at once)`, engine, ...result };
    printProgress(row);
    return row;
  } finally {
    await hub.remove();
    mail.close();
  }
}

/** A flow for customers and an application; returns what signs a new person up there. */
async function prepare(hub: Hub, mail: CaughtMail): Promise<(person: number) => Promise<void>> {
  const client = createClientOf(hub);
  const [organization] = (await client.listOrganization()).value;
  await client.createUserFlow({ body: { id: flow, userFlowType: 'signUp' } });
  const { id, appId } = await client.createApplication({
    body: { displayName: 'Shop', web: { redirectUris: [callback] } },
  });
  await client.createServicePrincipal({ body: { appId: String(appId) } as never });
  const { secretText } = await client.addApplicationPassword({ id, body: {} });
  const base = `${hub.baseUrl}/${organization?.id}/${flow}/oauth2/v2.0`;
  const start = new URL(`${base}/authorize`);
  const asked = { client_id: String(appId), response_type: 'code', redirect_uri: callback, scope: 'openid' };
  start.search = new URLSearchParams(asked).toString();

  return async (person) => {
    const email = `customer${person}@bench.example`;
    const headers = { 'x-forwarded-for': `10.${(person >> 16) & 255}.${(person >> 8) & 255}.${person & 255}` };
    const typed = { email, displayName: 'Customer', newPassword: password, repeatedPassword: password };
    const fill = async (page: string) => (/ name="code"/.test(page) ? { code: await mail.codeTo(email) } : {});
    const { url } = await walk(start, typed, new Map(), ({ origin }) => origin === new URL(callback).origin, {
      fill,
      headers,
    });
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: String(appId),
      client_secret: String(secretText),
      code: url.searchParams.get('code') ?? '',
      redirect_uri: callback,
    });
    const answer = await fetch(`${base}/token`, { method: 'POST', body, headers });
    if (!('id_token' in ((await answer.json()) as object))) throw new Error(`A sign-up ended with ${answer.status}.`);
  };
}
