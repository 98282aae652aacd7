// Fills a directory far faster than requests could: each user that is there is copied in the database itself, as often as
// wanted, with everything by which users are found. Copies have no audit events and no place in the change feed.
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Hub } from './hub.ts';
import { nameAt } from './scim-bulk.ts';

/** Copies everybody so many times, whose names end in `nameAt` of the copy's number, from 1 on. */
export async function copyUsers(hub: Hub, times: number): Promise<void> {
  const { execute, close } = await openDatabase(hub);
  await execute(`
    create table copied as select tenant_id, id from directory_object
      where kind = 'user' and attributes like '%${nameAt(0)}%';
    create table copied_name as select n.* from directory_name n
      join copied c on c.tenant_id = n.tenant_id and c.id = n.object_id`);
  for (let copy = 1; copy <= times; copy++) {
    await execute(statementsOf(copy).join(';'));
    if (copy % 10 === 0) console.error(`${hub.engine}: users were copied ${copy} times`);
  }
  await execute('drop table copied; drop table copied_name');
  await execute('analyze');
  await close();
}

function statementsOf(copy: number): string[] {
  const [at, reversedAt] = [nameAt(0), backwards(nameAt(0))];
  const [newAt, newReversedAt] = [nameAt(copy), backwards(nameAt(copy))];
  const newId = (id: string) => `'${copy.toString(16).padStart(8, '0')}' || substr(${id}, 9)`;
  /** The text with the copy's id and names. */
  const copied = (text: string, id: string) =>
    `replace(replace(replace(${text}, ${id}, ${newId(id)}), '${at}', '${newAt}'), '${reversedAt}', '${newReversedAt}')`;
  return [
    'begin',
    `insert into directory_object (tenant_id, id, kind, attributes, created_at, modified_at, deleted_at, version)
      select o.tenant_id, ${newId('o.id')}, kind,
        replace(${copied('attributes', 'o.id')}, '"externalId":"e', '"externalId":"c${copy}.e'),
        created_at, modified_at, deleted_at, version
      from copied c join directory_object o on o.tenant_id = c.tenant_id and o.id = c.id order by o.id`,
    `insert into directory_name (tenant_id, space, name_key, object_id)
      select tenant_id, space, ${copied('name_key', 'object_id')}, ${newId('object_id')} from copied_name`,
    `insert into directory_value (tenant_id, kind, attribute, value_key, object_id)
      select v.tenant_id, kind, attribute,
        case attribute when 'externalId' then 'c${copy}.' || value_key else ${copied('value_key', 'v.object_id')} end,
        ${newId('v.object_id')}
      from copied c join directory_value v on v.tenant_id = c.tenant_id and v.object_id = c.id`,
    'commit',
  ];
}

function backwards(text: string): string {
  return [...text].reverse().join('');
}

async function openDatabase(hub: Hub): Promise<{ execute(sql: string): Promise<void>; close(): Promise<void> }> {
  if ('file' in hub.database) {
    const database = new DatabaseSync(hub.database.file, { timeout: 60_000 });
    database.exec('pragma synchronous = off; pragma cache_size = -2000000');
    return { execute: async (sql) => database.exec(sql), close: async () => database.close() };
  }
  const client = new pg.Client({ connectionString: hub.database.url });
  await client.connect();
  return { execute: async (sql) => void (await client.query(sql)), close: () => client.end() };
}
