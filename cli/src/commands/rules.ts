import type { Client } from '@countersign/management-api';
import { type Command, CommandError, textOption, UsageError } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { readText } from '../read-text.ts';
import { findServicePrincipal } from './app.ts';

const options = { ...connectionOptions, ...tenantOption };
const purposeOption = {
  purpose: { type: 'string', value: 'name', meaning: 'acceptance, issuance (the default) or authorization.' },
} as const;
const rulesOption = {
  rules: {
    type: 'string',
    value: 'file',
    meaning: 'The rules, in the language of AD FS; /dev/stdin reads them there.',
  },
} as const;
const mappingOption = {
  mapping: {
    type: 'string',
    value: 'file',
    meaning: 'A claims mapping policy of Entra in JSON, of which the rules are made.',
  },
} as const;
const descriptionOption = {
  description: { type: 'string', value: 'text', meaning: 'What the rules are for.' },
} as const;

const list: Command = {
  name: 'rules list',
  meaning: 'Lists the groups of claims rules that applications and identity providers share.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    const found = await Array.fromAsync(client.each(client.listRuleGroups()));
    call.output.result(found, ['id', 'purpose', 'description']);
    return undefined;
  },
};

const show: Command = {
  name: 'rules show',
  meaning: 'Shows a group of claims rules, and who includes it.',
  positionals: ['group'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    call.output.result(await connectToTenant(call).getRuleGroup({ id }));
    return undefined;
  },
};

const create: Command = {
  name: 'rules create',
  meaning: 'Makes a group of claims rules from a file, which is checked.',
  positionals: ['group'],
  options: { ...options, ...purposeOption, ...rulesOption, ...mappingOption, ...descriptionOption },
  async run(call) {
    const [id = ''] = call.positionals;
    const written = writtenRules(call.values);
    if (Object.keys(written).length === 0)
      throw new UsageError('Name the file of the rules with --rules or --mapping.');
    const description = textOption(call.values, 'description') ?? null;
    const body = { id, purpose: purposeOf(textOption(call.values, 'purpose')), ...written, description };
    call.output.result(await connectToTenant(call).createRuleGroup({ body }));
    return undefined;
  },
};

const update: Command = {
  name: 'rules update',
  meaning: 'Changes a group of claims rules for everybody who includes it, from the next token on.',
  positionals: ['group'],
  options: { ...options, ...rulesOption, ...mappingOption, ...descriptionOption },
  async run(call) {
    const [id = ''] = call.positionals;
    const description = textOption(call.values, 'description');
    const body = {
      ...writtenRules(call.values),
      ...(description !== undefined && { description: description === '' ? null : description }),
    };
    await connectToTenant(call).updateRuleGroup({ id, body });
    return undefined;
  },
};

const remove: Command = {
  name: 'rules delete',
  meaning: 'Removes a group of claims rules that nobody includes.',
  positionals: ['group'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    await connectToTenant(call).deleteRuleGroup({ id });
    return undefined;
  },
};

const include: Command = {
  name: 'rules include',
  meaning:
    'Includes a group in the rules of an application, or of an identity provider if it is for acceptance rules. It runs last before the own rules.',
  positionals: ['group', 'application or provider'],
  options: { ...options, after: { type: 'boolean', meaning: 'It runs last of all instead.' } },
  async run(call) {
    const [group = '', party = ''] = call.positionals;
    const place = call.values['after'] === true ? 'after' : 'before';
    await changeIncluded(connectToTenant(call), group, party, (groups, id) => {
      const others = without(groups, id);
      return { ...others, [place]: [...others[place], id] };
    });
    return undefined;
  },
};

const exclude: Command = {
  name: 'rules exclude',
  meaning: 'Takes a group out of the rules of an application or identity provider.',
  positionals: ['group', 'application or provider'],
  options,
  async run(call) {
    const [group = '', party = ''] = call.positionals;
    await changeIncluded(connectToTenant(call), group, party, without);
    return undefined;
  },
};

const form: Command = {
  name: 'rules form',
  meaning:
    'Shows a file of claims rules as rows: input and output of each rule that is that simple. Or a file of rows, as this prints them with --json, as rules.',
  positionals: ['file'],
  options: {
    ...options,
    ...purposeOption,
    rows: { type: 'boolean', meaning: 'The file has rows: print the rules that they are.' },
  },
  async run(call) {
    const [file = ''] = call.positionals;
    const isRows = call.values['rows'] === true;
    const text = readText(file);
    const purpose = purposeOf(textOption(call.values, 'purpose'));
    const body = isRows ? { entries: entriesOf(text, file), purpose } : { text, purpose };
    const { '@odata.context': _, ...shown } = await connectToTenant(call).convertClaimsRules({ body });
    for (const { severity, message, advice, at } of shown.findings) {
      call.output.note(`${severity}${at ? ` at line ${at.line}, column ${at.column}` : ''}: ${message} ${advice}`);
    }
    if (isRows && call.values['json'] !== true) process.stdout.write(shown.text);
    else if (call.output.isJson) call.output.result(shown);
    else call.output.result(shown.entries.map(lineOf), columns);
    return undefined;
  },
};

export const rulesCommands: Command[] = [list, show, create, update, include, exclude, form, remove];

type Converted = Awaited<ReturnType<Client['convertClaimsRules']>>;
type ConvertBody = Parameters<Client['convertClaimsRules']>[0]['body'];
type Entries = Extract<ConvertBody, { entries: unknown }>['entries'];

const columns = [
  'rule',
  'description',
  'inputIssuer',
  'inputType',
  'inputValue',
  'outputIssuer',
  'outputType',
  'outputValue',
];

/** A rule as a line of the table; what says more than a row can stands in the place of the description. */
function lineOf(entry: Converted['entries'][number], place: number): object {
  return { rule: place + 1, ...(entry.kind === 'row' ? entry.row : { description: entry.text }) };
}

/** The rows of a file: a list, or the object in which `--json` shows them. */
function entriesOf(text: string, file: string): Entries {
  try {
    const read = JSON.parse(text);
    // The hub judges what stands in it.
    return (Array.isArray(read) ? read : read.entries) as Entries;
  } catch (error) {
    throw new CommandError(`The file ${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** What the files say that are named. */
function writtenRules(values: Parameters<typeof textOption>[0]): { rules?: string; claimsMapping?: string } {
  const [rules, mapping] = [textOption(values, 'rules'), textOption(values, 'mapping')];
  return {
    ...(rules !== undefined && { rules: readText(rules) }),
    ...(mapping !== undefined && { claimsMapping: readText(mapping) }),
  };
}

const purposes = ['acceptance', 'issuance', 'authorization'] as const;
type Purpose = (typeof purposes)[number];

function purposeOf(text = 'issuance'): Purpose {
  const purpose = purposes.find((name) => name === text);
  if (!purpose) throw new UsageError(`The purpose ${text} is none of ${purposes.join(', ')}.`);
  return purpose;
}

interface Included {
  before: string[];
  after: string[];
}

function without({ before, after }: Included, id: string): Included {
  const isOther = (other: string) => other.toLowerCase() !== id.toLowerCase();
  return { before: before.filter(isOther), after: after.filter(isOther) };
}

/** The purpose of the group says whose rules they are, and which. */
async function changeIncluded(
  client: Client,
  group: string,
  party: string,
  change: (groups: Included, id: string) => Included,
): Promise<void> {
  const { id: name, purpose = 'issuance' } = await client.getRuleGroup({ id: group });
  type Known = { [Place in keyof Included]?: string[] | undefined } | null | undefined;
  const changed = (known: Known) => change({ before: known?.before ?? [], after: known?.after ?? [] }, name);
  if (purpose === 'acceptance') {
    const { acceptanceRuleGroups } = await client.getIdentityProvider({ id: party });
    const body = { acceptanceRuleGroups: changed(acceptanceRuleGroups) };
    await client.updateIdentityProvider({ id: party, body });
    return;
  }
  const id = await findServicePrincipal(client, party);
  const { protocol = 'saml', identifier = '', ...known } = await client.getRelyingParty({ id });
  const property = `${purpose}RuleGroups` as const;
  await client.saveRelyingParty({ id, body: { protocol, identifier, [property]: changed(known[property]) } });
}
