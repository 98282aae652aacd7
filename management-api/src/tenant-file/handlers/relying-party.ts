import { type Handler, type Hub, pick } from '../handler.ts';

const fields = [
  'protocol',
  'identifier',
  'replyAddresses',
  'signOutAddresses',
  'signingCertificates',
  'mustSignRequests',
  'encryptionKeys',
  'encryptsTokens',
  'signs',
  'nameIdFormat',
  'tokenKind',
  'tokenLifetimeSeconds',
  'isUnsolicitedAllowed',
  'isPasswordRequestAllowed',
  'issuanceRules',
  'authorizationRules',
] as const;

/** How an application trusts the tenant by SAML or WS-Federation, under the application's name. */
export const relyingParty: Handler = {
  async *read({ client, names }) {
    const applications = new Map(names.all('servicePrincipal').map(({ name, id }) => [id, name]));
    for await (const found of client.each(client.listRelyingParties({ $top: 999 }))) {
      const key = applications.get(found.id);
      if (key !== undefined) yield { kind: 'relyingParty', key, fields: pick(found, fields) };
    }
  },

  create: (hub, { key, fields: given }) => save(hub, key, given),

  async update(hub, { key, fields: given }) {
    await save(hub, key, given);
  },

  async remove({ client, names }, { key }) {
    await client.deleteRelyingParty({ id: names.id('servicePrincipal', key) });
  },
};

async function save({ client, names }: Hub, key: string, given: object): Promise<void> {
  // The hub judges what the file says.
  const body = given as Parameters<typeof client.saveRelyingParty>[0]['body'];
  await client.saveRelyingParty({ id: names.id('servicePrincipal', key), body });
}
