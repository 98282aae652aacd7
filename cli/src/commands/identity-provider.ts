import { type Client, ManagementApiError } from '@countersign/management-api';
import { type Command, textOption } from '../command.ts';
import { confirm } from '../confirm.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { metadataOf, metadataOptions } from '../metadata-option.ts';
import { readSettings } from '../read-settings.ts';
import { readText } from '../read-text.ts';

const options = { ...connectionOptions, ...tenantOption };
const setOption = {
  set: {
    type: 'string',
    multiple: true,
    value: 'name=value',
    meaning:
      'A setting, such as createsUsers=true or oidc.scopes=["openid"]; values are JSON or text. May be repeated.',
  },
} as const;

const list: Command = {
  name: 'identity-provider list',
  meaning: 'Lists where people can come from: kinds of local accounts, and trusted identity providers.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    const found = await Array.fromAsync(client.each(client.listIdentityProviders()));
    call.output.result(found, [
      'id',
      'identityProviderType',
      'displayName',
      'issuer',
      'isEnabled',
      'certificatesEndAt',
    ]);
    return undefined;
  },
};

const show: Command = {
  name: 'identity-provider show',
  meaning: 'Shows an identity provider, with the redirect address to register there.',
  positionals: ['provider'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    call.output.result(await connectToTenant(call).getIdentityProvider({ id }));
    return undefined;
  },
};

const create: Command = {
  name: 'identity-provider create',
  meaning:
    'Trusts an identity provider of a type: OpenIDConnect, SAML, WSFederation, or a vendor such as Google or GitHub.',
  positionals: ['type'],
  options: { ...options, ...setOption, ...metadataOptions },
  async run(call) {
    const [identityProviderType = ''] = call.positionals;
    // The hub judges the type and the settings.
    const body = {
      ...metadataOf(call.values),
      ...readSettings(call.values['set']),
      identityProviderType,
    } as CreateBody;
    call.output.result(await connectToTenant(call).createIdentityProvider({ body }));
    return undefined;
  },
};

const update: Command = {
  name: 'identity-provider update',
  meaning: 'Changes how an identity provider is trusted, from the next request on.',
  positionals: ['provider'],
  options: { ...options, ...setOption, ...metadataOptions },
  async run(call) {
    const [id = ''] = call.positionals;
    const body = { ...metadataOf(call.values), ...readSettings(call.values['set']) };
    await connectToTenant(call).updateIdentityProvider({ id, body });
    return undefined;
  },
};

const invite: Command = {
  name: 'identity-provider invite',
  meaning: 'Makes a link by which the administrator of a SAML or WSFederation provider gives its metadata, once.',
  positionals: ['type'],
  options: {
    ...options,
    ...setOption,
    days: { type: 'string', value: 'number', meaning: 'How long the link works, up to 30 days. Default: 7.' },
  },
  async run(call) {
    const [identityProviderType = ''] = call.positionals;
    const days = textOption(call.values, 'days');
    // The hub judges the type and the settings.
    const body = {
      ...readSettings(call.values['set']),
      ...(days !== undefined && { expiresInDays: Number(days) }),
      identityProviderType,
    } as Parameters<Client['createSetupLink']>[0]['body'];
    call.output.result(await connectToTenant(call).createSetupLink({ body }));
    return undefined;
  },
};

const uninvite: Command = {
  name: 'identity-provider uninvite',
  meaning: 'Takes a setup link back, by the id that was shown with it.',
  positionals: ['link'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    await connectToTenant(call).deleteSetupLink({ id });
    return undefined;
  },
};

const setSecret: Command = {
  name: 'identity-provider set-secret',
  meaning: 'Sets the client secret by which the hub proves itself to the provider, from a file such as /dev/stdin.',
  positionals: ['provider', 'file'],
  options,
  async run(call) {
    const [id = '', file = ''] = call.positionals;
    const clientSecret = readText(file).trim();
    await connectToTenant(call).updateIdentityProvider({ id, body: { clientSecret } });
    return undefined;
  },
};

const federate: Command = {
  name: 'identity-provider federate',
  meaning:
    'Sends the people of these verified domains, and of no others, to the provider. Says what changes, and asks.',
  positionals: ['provider'],
  options: {
    ...options,
    domain: {
      type: 'string',
      multiple: true,
      value: 'domain',
      meaning: 'May be repeated; none: all sign in here again.',
    },
    yes: { type: 'boolean', meaning: 'Do not ask.' },
  },
  async run(call) {
    const [id = ''] = call.positionals;
    const client = connectToTenant(call);
    const federatedDomains = [call.values['domain'] ?? []].flat().map(String);
    const change = (isFederationConfirmed: boolean) =>
      client.updateIdentityProvider({ id, body: { federatedDomains, isFederationConfirmed } });
    try {
      await change(call.values['yes'] === true);
    } catch (error) {
      // The refusal of what nobody has confirmed says what would change.
      if (!(error instanceof ManagementApiError) || error.status !== 409) throw error;
      if (await confirm(`${error.message}\nGo on?`)) await change(true);
    }
    return undefined;
  },
};

const refresh: Command = {
  name: 'identity-provider refresh',
  meaning: 'Fetches the metadata of an identity provider from its address now, and shows what has become of it.',
  positionals: ['provider'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    call.output.result(await connectToTenant(call).refreshIdentityProviderMetadata({ id }));
    return undefined;
  },
};

const remove: Command = {
  name: 'identity-provider delete',
  meaning: 'Trusts an identity provider no more. Its people keep their accounts.',
  positionals: ['provider'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    await connectToTenant(call).deleteIdentityProvider({ id });
    return undefined;
  },
};

type CreateBody = Parameters<Client['createIdentityProvider']>[0]['body'];

export const identityProviderCommands = [
  list,
  show,
  create,
  invite,
  uninvite,
  update,
  setSecret,
  federate,
  refresh,
  remove,
];
