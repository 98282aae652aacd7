import type { Handler, Hub } from '../handler.ts';

/** User flows with all of their settings: what a file leaves out is as the hub has it for new flows. */
export const userFlow: Handler = {
  async *read(hub) {
    for await (const flow of hub.client.each(hub.client.listUserFlows())) {
      const { id, isBuiltIn, ...settings } = flow;
      if (!isBuiltIn) yield { kind: 'userFlow', key: id, fields: namingApplications(hub, settings) };
    }
  },

  async create(hub, { key, fields }) {
    const body = numberingApplications(hub, fields);
    // The flow of staff is always there: it is changed where others are made.
    if (key.toLowerCase() === 'staff') await hub.client.updateUserFlow({ id: key, body });
    // The hub judges what the file says, also whether it says the type.
    else await hub.client.createUserFlow({ body: { ...body, id: key } as CreateBody });
  },

  async update(hub, { key }, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await hub.client.updateUserFlow({ id: key, body: numberingApplications(hub, body) });
  },

  async remove({ client }, { key }) {
    await client.deleteUserFlow({ id: key });
  },
};

type CreateBody = Parameters<Hub['client']['createUserFlow']>[0]['body'];
type Fields = Record<string, unknown>;

// Names of attributes that a tenant declares have the appId of an application inside, which is another one in each hub.

function namingApplications({ names }: Hub, fields: Fields): Fields {
  const appIds = new Map(names.all('appId').map(({ name, id }) => [id.replaceAll('-', ''), `{${name}}`]));
  return withPrefixes(fields, /\bextension_([0-9a-f]{32})_/g, (appId) => appIds.get(appId) ?? appId);
}

function numberingApplications({ names }: Hub, fields: Fields): Fields {
  return withPrefixes(fields, /\bextension_\{([^{}]+)\}_/g, (name) => names.id('appId', name).replaceAll('-', ''));
}

function withPrefixes(fields: Fields, prefix: RegExp, application: (written: string) => string): Fields {
  const replaced = JSON.stringify(fields).replace(
    prefix,
    (_, written) => `extension_${JSON.stringify(application(JSON.parse(`"${written}"`))).slice(1, -1)}_`,
  );
  return JSON.parse(replaced);
}
