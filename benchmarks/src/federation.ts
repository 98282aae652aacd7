import { makeCertificate } from '../../e2e/peers/certificate.ts';
import { walk } from '../../e2e/peers/walk-sign-in.ts';
import { createClientOf, targetOf } from './callers.ts';
import type { Hub } from './hub.ts';
import { type LoadResult, runClosed, runLoad } from './load.ts';
import { printProgress, type Row } from './report.ts';
import { answerForm, metadataOf, requestAddress, signerOf } from './saml-parties.ts';

const provider = { id: 'Partner', issuer: 'https://idp.bench.example', location: 'https://idp.bench.example/sso' };
const replyOf = (index: number) => `https://app${index}.bench.example/acs`;
const nameOf = (index: number) => `urn:bench:app:${index}`;
/** People of the provider who come again and again. */
const people = 20;
const walksAtOnce = 4;

interface Sizes {
  /** Applications of one tenant. */
  trusts: number;
  /** Requests with few and with all of them. */
  requests: number;
  /** Whole rounds from the application to the provider and back. */
  rounds: number;
}

/** What a request costs with one trust and with many, and a sign-in that goes through a provider, by SAML on both sides. */
export async function measureFederation(hub: Hub, { trusts, requests, rounds }: Sizes): Promise<Row[]> {
  hub.trustAuthority();
  const client = createClientOf(hub);
  const target = targetOf(hub);
  const [organization] = (await client.listOrganization()).value;
  const tenantId = organization?.id ?? '';
  const rows: Row[] = [];
  const row = (what: string, result: LoadResult) => {
    rows.push({ what, engine: hub.engine, ...result });
    printProgress({ what, engine: hub.engine, ...result });
  };
  const create = (index: number) => ({
    method: 'POST',
    path: '/v1.0/relyingParties',
    body: { metadata: metadataOf(nameOf(index), replyOf(index)) },
  });
  /** Of nobody who is signed in: the hub finds the trust, and answers with a signed refusal (NoPassive). */
  const ask = async (among: number) => {
    const location = `${hub.baseUrl}/${tenantId}/saml2`;
    const asked = Array.from({ length: Math.min(among, requests) }, async (_, index) => {
      const at = Math.floor((index * among) / Math.min(among, requests));
      return requestAddress(location, { issuer: nameOf(at), replyAddress: replyOf(at), isPassive: true });
    });
    const paths = (await Promise.all(asked)).map((address) => address.slice(hub.baseUrl.length));
    const path = (index: number) => ({ path: paths[index % paths.length] ?? '' });
    await runLoad(target, 1, Math.min(100, requests), path);
    return runLoad(target, 1, requests, path);
  };
  await runLoad(target, 1, 1, () => create(0));
  row('a signed refusal, 1 trust', await ask(1));
  row('register an application by its metadata', await runLoad(target, 16, trusts - 1, (index) => create(index + 1)));
  row(`a signed refusal, ${trusts} trusts`, await ask(trusts));
  row('a round: application, provider and back', await measureRounds(hub, tenantId, rounds));
  return rows;
}

/** From an application to the provider and back, page by page, as a browser without JavaScript goes. */
async function measureRounds(hub: Hub, tenantId: string, count: number): Promise<LoadResult> {
  const certificate = await makeCertificate();
  const signer = signerOf(certificate);
  const client = createClientOf(hub);
  const body = {
    id: provider.id,
    displayName: 'Partner',
    identityProviderType: 'SAML',
    metadata: metadataOf(provider.issuer, provider.location, certificate),
    createsUsers: true,
    domains: ['bench.example'],
  };
  await client.createIdentityProvider({ body });
  const answering = { issuer: provider.issuer, audience: `${hub.baseUrl}/${tenantId}/`, groups: 20 };
  const isAt = (origin: string) => (address: URL) => address.origin === origin;

  const round = async (person: string) => {
    const cookies = new Map<string, string>();
    const asked = { issuer: nameOf(0), replyAddress: replyOf(0), subject: `${person}@bench.example` };
    const start = await requestAddress(`${hub.baseUrl}/${tenantId}/saml2`, asked);
    const { url } = await walk(start, {}, cookies, isAt(new URL(provider.location).origin));
    const answered = await fetch(`${hub.baseUrl}/${tenantId}/federation/${provider.id}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      body: await answerForm(url, { ...answering, subject: person }, signer),
    });
    const next = answered.headers.get('location');
    if (next === null) throw new Error(`The answer of the provider was answered ${answered.status}.`);
    const { form } = await walk(new URL(next, hub.baseUrl), {}, cookies, isAt(new URL(replyOf(0)).origin));
    const token = Buffer.from(form?.get('SAMLResponse') ?? '', 'base64').toString();
    if (!token.includes('status:Success')) throw new Error(`A round ended with ${token.slice(0, 500)}`);
  };
  // People get their accounts with the first round.
  for (let index = 0; index < Math.min(people, count); index++) await round(`p${index}`);
  return runClosed(hub, walksAtOnce, count, (index) => round(`p${index % people}`));
}
