import type { Client } from '../../client.ts';
import { type Handler, type Hub, pick } from '../handler.ts';

const fields = [
  'protocol',
  'identifier',
  'replyAddresses',
  'signOutAddresses',
  'prefersSoapSignOut',
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
  'isTokenRequestAllowed',
  'isActingAllowed',
  'actors',
  'issuanceRules',
  'issuanceRuleGroups',
  'authorizationRules',
  'authorizationRuleGroups',
  'metadataSource',
];

/** What metadata says that is followed is not in files, which would hold on to what has been replaced. */
const described = ['replyAddresses', 'signOutAddresses', 'signingCertificates', 'encryptionKeys'];

/** How an application trusts the tenant by SAML or WS-Federation, under the application's name. */
export const relyingParty: Handler = {
  async *read({ client, names }) {
    const applications = new Map(names.all('servicePrincipal').map(({ name, id }) => [id, name]));
    for await (const found of client.each(client.listRelyingParties({ $top: 999 }))) {
      const key = applications.get(found.id);
      if (key === undefined) continue;
      const said = found.metadataSource ? (found.metadataStatus?.settings ?? []) : [];
      const shown = fields.filter((name) => !(described.includes(name) && said.includes(name)));
      yield { kind: 'relyingParty', key, fields: pick(found, shown) };
    }
  },

  create: (hub, { key, fields: given }) => save(hub, key, given, true),

  async update(hub, { key, fields: given }, changes) {
    const isSourceNew = changes.some(({ field }) => field === 'metadataSource');
    await save(hub, key, given, isSourceNew);
  },

  async remove({ client, names }, { key }) {
    await client.deleteRelyingParty({ id: names.id('servicePrincipal', key) });
  },
};

/** The metadata first, then what the file says beside it. */
async function save({ client, names }: Hub, key: string, given: Given, isSourceNew: boolean): Promise<void> {
  const id = names.id('servicePrincipal', key);
  const { metadataSource, ...rest } = given;
  const { protocol } = given;
  const body = { ...(metadataSource && { metadataSource }), ...(protocol !== undefined && { protocol }) };
  const known =
    metadataSource && isSourceNew ? await client.importRelyingParty({ id, body }) : await knownOf(client, id, given);
  const { identifier } = known;
  // The hub judges what the file says.
  const ended = metadataSource === null ? { metadataSource } : {};
  const saved = { protocol: known.protocol, identifier, ...rest, ...ended } as SaveBody;
  await client.saveRelyingParty({ id, body: saved });
}

/** Protocol and identifier, which a file with a source of metadata may leave out. */
async function knownOf(client: Client, id: string, given: Given): Promise<Partial<SaveBody>> {
  return given.protocol && given.identifier ? {} : (client.getRelyingParty({ id }) as Promise<Partial<SaveBody>>);
}

type SaveBody = Parameters<Client['saveRelyingParty']>[0]['body'];
type Given = Omit<Partial<SaveBody>, 'metadataSource'> & { metadataSource?: ImportBody['metadataSource'] | null };
type ImportBody = Parameters<Client['importRelyingParty']>[0]['body'];
