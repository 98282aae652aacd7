import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from '@countersign/management-api';
import { type Command, type CommandCall, CommandError } from '../command.ts';
import { connect, connectionOptions, tenantOption } from '../connection.ts';
import { readSettings } from '../read-settings.ts';

const options = { ...connectionOptions, ...tenantOption };

const show: Command = {
  name: 'branding show',
  meaning: 'Shows how the pages of a tenant look.',
  options,
  async run(call) {
    const { client, id } = await organizationOf(call);
    const { logo, icon, ...settings } = await client.getBranding({ id });
    // Nobody reads pictures in base64 on a terminal.
    const pictures = call.output.isJson ? { logo, icon } : { logo: logo?.contentType, icon: icon?.contentType };
    call.output.result({ ...settings, ...pictures });
    return undefined;
  },
};

const update: Command = {
  name: 'branding update',
  meaning: 'Changes how the pages of a tenant look.',
  options: {
    ...options,
    set: {
      type: 'string',
      multiple: true,
      value: 'name=value',
      meaning: 'A setting, such as corners=square; values are JSON or text. May be repeated.',
    },
    logo: { type: 'string', value: 'file', meaning: 'A picture: PNG, JPEG, WebP or SVG.' },
    icon: { type: 'string', value: 'file', meaning: 'A picture for the tab of the browser.' },
  },
  async run(call) {
    const { logo, icon, set } = call.values;
    const body = {
      ...readSettings(set),
      ...(typeof logo === 'string' && { logo: readPicture(logo) }),
      ...(typeof icon === 'string' && { icon: readPicture(icon) }),
    };
    const { client, id } = await organizationOf(call);
    await client.updateBranding({ id, body });
    return undefined;
  },
};

const remove: Command = {
  name: 'branding delete',
  meaning: 'Goes back to the look that comes with the hub.',
  options,
  async run(call) {
    const { client, id } = await organizationOf(call);
    await client.deleteBranding({ id });
    return undefined;
  },
};

async function organizationOf(call: CommandCall): Promise<{ client: Client; id: string }> {
  const { tenant } = call.values;
  const client = connect(call).clientOf(typeof tenant === 'string' ? tenant : undefined);
  const [organization] = (await client.listOrganization()).value;
  return { client, id: organization?.id ?? '' };
}

const contentTypes = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
} as const;

function readPicture(file: string) {
  const extension = path.extname(file).toLowerCase() as keyof typeof contentTypes;
  const contentType = contentTypes[extension];
  if (!contentType) throw new CommandError(`${file} is no picture that pages can show: use PNG, JPEG, WebP or SVG.`);
  try {
    return { contentType, data: readFileSync(file).toString('base64') };
  } catch (error) {
    throw new CommandError(`The file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

export const brandingCommands = [show, update, remove];
