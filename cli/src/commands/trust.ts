import { type Command, type CommandCall, CommandError, textOption } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { metadataOf, metadataOptions } from '../metadata-option.ts';
import { readText } from '../read-text.ts';
import { findServicePrincipal } from './app.ts';

const options = { ...connectionOptions, ...tenantOption };
const columns = ['id', 'protocol', 'identifier', 'certificatesEndAt'];

const list: Command = {
  name: 'trust list',
  meaning: 'Lists the applications that sign people in by SAML 2.0 or WS-Federation.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    call.output.result(await Array.fromAsync(client.each(client.listRelyingParties({ $top: 999 }))), columns);
    return undefined;
  },
};

const show: Command = {
  name: 'trust show',
  meaning: 'Shows how an application trusts the tenant.',
  positionals: ['application'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    const id = await findServicePrincipal(client, call.positionals[0] ?? '');
    call.output.result(await client.getRelyingParty({ id }));
    return undefined;
  },
};

const describing = {
  entity: { type: 'string', value: 'id', meaning: 'Which entity, when the metadata describes several.' },
  protocol: { type: 'string', value: 'name', meaning: 'saml or wsFederation, when the metadata describes both.' },
} as const;

const create: Command = {
  name: 'trust create',
  meaning: 'Registers an application by its SAML or federation metadata, and lets it trust the tenant.',
  positionals: ['name'],
  options: { ...options, ...metadataOptions, ...describing },
  async run(call) {
    const [displayName = ''] = call.positionals;
    const body = { displayName, ...metadataOf(call.values), ...describedBy(call) };
    call.output.result(await connectToTenant(call).createRelyingParty({ body }));
    return undefined;
  },
};

const importMetadata: Command = {
  name: 'trust import',
  meaning: 'Makes an application trust the tenant by its SAML or federation metadata, or follows a change of it.',
  positionals: ['application', 'file or url'],
  options: { ...options, 'metadata-key': metadataOptions['metadata-key'], ...describing },
  async run(call) {
    const [application = '', metadata = ''] = call.positionals;
    const client = connectToTenant(call);
    const body = { ...metadataOf({ ...call.values, metadata }), ...describedBy(call) };
    const id = await findServicePrincipal(client, application);
    call.output.result(await client.importRelyingParty({ id, body }));
    return undefined;
  },
};

const refresh: Command = {
  name: 'trust refresh',
  meaning: 'Fetches the metadata of an application from its address now, and shows what has become of the trust.',
  positionals: ['application'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    const id = await findServicePrincipal(client, call.positionals[0] ?? '');
    call.output.result(await client.refreshRelyingPartyMetadata({ id }));
    return undefined;
  },
};

const set: Command = {
  name: 'trust set',
  meaning: 'Makes an application without metadata trust the tenant, or changes where its answers go.',
  positionals: ['application'],
  options: {
    ...options,
    protocol: { type: 'string', value: 'name', meaning: 'saml (the default) or wsFederation.' },
    identifier: { type: 'string', value: 'uri', meaning: 'Entity identifier, or realm.' },
    reply: { type: 'string', value: 'url', meaning: 'Where answers go.' },
    'token-kind': { type: 'string', value: 'name', meaning: 'WS-Federation: saml11 (the default), saml20 or jwt.' },
  },
  async run(call) {
    const client = connectToTenant(call);
    const [identifier, location] = [textOption(call.values, 'identifier'), textOption(call.values, 'reply')];
    if (identifier === undefined) throw new CommandError('Say with --identifier what the application calls itself.');
    const id = await findServicePrincipal(client, call.positionals[0] ?? '');
    const body = {
      protocol: protocolOption(call) ?? 'saml',
      identifier,
      ...tokenKindOption(call),
      ...(location !== undefined && { replyAddresses: [{ binding: 'post' as const, location, index: 0 }] }),
    };
    call.output.result(await client.saveRelyingParty({ id, body }));
    return undefined;
  },
};

const explain: Command = {
  name: 'trust explain',
  meaning: 'Shows which claims a user would get at an application, and which rule made each.',
  positionals: ['application', 'user'],
  options: {
    ...options,
    rules: { type: 'string', value: 'file', meaning: 'Issuance rules to try instead of those of the application.' },
  },
  async run(call) {
    const [application = '', user = ''] = call.positionals;
    const client = connectToTenant(call);
    const rules = textOption(call.values, 'rules');
    const { id: userId } = await client.getUser({ id: user, $select: 'id' });
    const body = { userId, ...(rules !== undefined && { issuanceRules: readText(rules) }) };
    const evaluated = await client.evaluateRelyingPartyRules({
      id: await findServicePrincipal(client, application),
      body,
    });
    call.output.result(evaluated);
    return undefined;
  },
};

const remove: Command = {
  name: 'trust delete',
  meaning: 'Ends the trust of an application by SAML 2.0 or WS-Federation.',
  positionals: ['application'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    await client.deleteRelyingParty({ id: await findServicePrincipal(client, call.positionals[0] ?? '') });
    return undefined;
  },
};

const trace: Command = {
  name: 'trust trace',
  meaning: 'Shows what a sign-in went through, by the reference that its page showed: checks, claims, rules, token.',
  positionals: ['reference'],
  options,
  async run(call) {
    call.output.result(await connectToTenant(call).getSignInTrace({ id: call.positionals[0] ?? '' }));
    return undefined;
  },
};

export const trustCommands: Command[] = [list, show, create, importMetadata, refresh, set, explain, trace, remove];

/** Which of what metadata describes is meant. */
function describedBy(call: CommandCall): { entityId?: string; protocol?: 'saml' | 'wsFederation' } {
  const entityId = textOption(call.values, 'entity');
  const protocol = protocolOption(call);
  return { ...(entityId !== undefined && { entityId }), ...(protocol !== undefined && { protocol }) };
}

function protocolOption(call: CommandCall): 'saml' | 'wsFederation' | undefined {
  const protocol = textOption(call.values, 'protocol');
  if (protocol === undefined || protocol === 'saml' || protocol === 'wsFederation') return protocol;
  throw new CommandError(`The protocol ${protocol} is neither saml nor wsFederation.`);
}

const tokenKinds = ['saml11', 'saml20', 'jwt'] as const;

function tokenKindOption(call: CommandCall): { tokenKind?: (typeof tokenKinds)[number] } {
  const given = textOption(call.values, 'token-kind');
  if (given === undefined) return {};
  const tokenKind = tokenKinds.find((kind) => kind === given);
  if (!tokenKind) throw new CommandError(`The token kind ${given} is none of ${tokenKinds.join(', ')}.`);
  return { tokenKind };
}
