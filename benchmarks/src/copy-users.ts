// Fills a directory far faster than requests could: each user that is there is copied in the database itself, as often as
// wanted, with everything by which users are found. Copies have no audit events and no place in the change feed.
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Hub } from './hub.ts';
import { nameAt } from './scim-bulk.ts';

/** What the copies are written to; each is read from a table of its own, named `original_` and so. */
const tables = ['directory_object', 'directory_name', 'directory_value'] as const;

/**
 * Copies everybody so many times, whose names end in `nameAt` of the copy's number, from 1 on. The hub is stopped meanwhile:
 * indexes are dropped, and made again when everything is there.
 */
export async function copyUsers(hub: Hub, times: number): Promise<void> {
  await hub.stop();
  const { prepare, findIndexes, finish, execute, list, close } = await openDatabase(hub);
  const tell = (what: string) => console.error(`${hub.engine}: ${what}`);
  await execute(prepare);
  const indexes = await list(findIndexes);
  await execute(setOriginalsAside);
  await execute(numberCopies(times));
  for (const { dropping } of indexes) await execute(dropping);
  for (const table of tables) {
    await execute(insertCopies[table]);
    tell(`users were copied ${times} times in ${table}`);
  }
  for (const { making } of indexes) {
    await execute(making);
    tell(`done: ${making.slice(0, 80)} ...`);
  }
  await execute(
    ['copy', ...tables.map((table) => `original_${table}`)].map((table) => `drop table ${table}`).join(';'),
  );
  await execute(finish);
  await close();
  await hub.start();
}

/** In the order of their keys, in which copies of the one follow each other. */
const setOriginalsAside = `
  create table original_directory_object as select * from directory_object
    where kind = 'user' and attributes like '%${nameAt(0)}%' order by tenant_id, id;
  create table original_directory_name as select n.* from directory_name n
    join original_directory_object o on o.tenant_id = n.tenant_id and o.id = n.object_id
    order by n.tenant_id, n.space, n.name_key;
  create table original_directory_value as select v.* from directory_value v
    join original_directory_object o on o.tenant_id = v.tenant_id and o.id = v.object_id
    order by v.tenant_id, v.kind, v.attribute, v.value_key, v.object_id`;

/** Makes a table of what is special about each copy. */
function numberCopies(times: number): string {
  const rows = Array.from({ length: times }, (_, index) => {
    const copy = index + 1;
    const name = nameAt(copy);
    return `('${copy.toString(16).padStart(8, '0')}', '${name}', '${backwards(name)}', 'c${copy}.')`;
  });
  return `
    create table copy (id_start text, name text, reversed_name text, mark text);
    insert into copy values ${rows.join(', ')}`;
}

/** The id of the copy of the object with this id. */
const newId = (id: string) => `id_start || substr(${id}, 9)`;
/** The text with the copy's id and names. */
const copied = (text: string, id: string) =>
  `replace(replace(replace(${text}, ${id}, ${newId(id)}), '${nameAt(0)}', name),
    '${backwards(nameAt(0))}', reversed_name)`;

/** SQLite goes through the tables of a cross join from left to right: so that it inserts in the order of keys, nearly. */
const insertCopies: Readonly<Record<(typeof tables)[number], string>> = {
  directory_object: `
    insert into directory_object (tenant_id, id, kind, attributes, created_at, modified_at, deleted_at, version)
    select tenant_id, ${newId('id')}, kind,
      replace(${copied('attributes', 'id')}, '"externalId":"e', '"externalId":"' || mark || 'e'),
      created_at, modified_at, deleted_at, version
    from copy cross join original_directory_object`,
  directory_name: `
    insert into directory_name (tenant_id, space, name_key, object_id)
    select tenant_id, space, ${copied('name_key', 'object_id')}, ${newId('object_id')}
    from original_directory_name cross join copy`,
  directory_value: `
    insert into directory_value (tenant_id, kind, attribute, value_key, object_id)
    select tenant_id, kind, attribute,
      case attribute when 'externalId' then mark || value_key else ${copied('value_key', 'object_id')} end,
      ${newId('object_id')}
    from original_directory_value cross join copy`,
};

function backwards(text: string): string {
  return [...text].reverse().join('');
}

interface Index {
  dropping: string;
  making: string;
}

/** A database while it is filled, and the statements that differ between the engines. */
interface Database {
  prepare: string;
  /** Finds the indexes that can be made later. */
  findIndexes: string;
  finish: string;
  execute(sql: string): Promise<void>;
  list(sql: string): Promise<Index[]>;
  close(): Promise<void>;
}

const names = tables.map((table) => `'${table}'`).join(', ');

async function openDatabase(hub: Hub): Promise<Database> {
  return 'file' in hub.database ? openSqlite(hub.database.file) : openPostgres(hub.database.url);
}

function openSqlite(file: string): Database {
  const database = new DatabaseSync(file);
  return {
    // Nobody needs what is half done, so nothing is written twice.
    prepare: 'pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -2000000; pragma threads = 2',
    findIndexes: `
      select 'drop index ' || name as dropping, sql as making from sqlite_schema
      where type = 'index' and sql is not null and tbl_name in (${names})`,
    finish: 'pragma journal_mode = wal',
    execute: async (sql) => database.exec(sql),
    list: async (sql) => database.prepare(sql).all() as unknown as Index[],
    close: async () => database.close(),
  };
}

async function openPostgres(url: string): Promise<Database> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    prepare: `set synchronous_commit = off; set maintenance_work_mem = '1GB'`,
    findIndexes: `
      select format('alter table %s drop constraint %I', conrelid::regclass, conname) as dropping,
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as making
      from pg_constraint where contype = 'p' and conrelid::regclass::text in (${names})
      union all
      select format('drop index %I', indexname), indexdef from pg_indexes
      where tablename in (${names}) and indexname not in (select conname from pg_constraint)`,
    // As the server itself does in the background when much has come.
    finish: `vacuum (analyze) ${tables.join(', ')}`,
    execute: async (sql) => void (await client.query(sql)),
    list: async (sql) => (await client.query<Index>(sql)).rows,
    close: () => client.end(),
  };
}
