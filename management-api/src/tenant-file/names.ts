import { TenantFileError } from './error.ts';

/** Kinds of objects that a file names. An application and its service principal have one name. */
export type NamedKind =
  | 'user'
  | 'group'
  | 'application'
  /** An application that is registered in the tenant, by its appId. */
  | 'appId'
  | 'servicePrincipal'
  | 'directoryRole';

/** A directory object as relations show it. */
interface RelatedObject {
  '@odata.type'?: string | undefined;
  id: string;
}

const prefixes: Readonly<Partial<Record<NamedKind, string>>> = { group: 'group:', servicePrincipal: 'application:' };

/** Names of a tenant's objects for their ids, and the other way. Letters' case does not matter. */
export class Names {
  readonly #ids = new Map<string, string>();
  readonly #names = new Map<string, { kind: NamedKind; name: string }>();
  readonly #ambiguous = new Set<string>();

  add(kind: NamedKind, name: string, id: string): void {
    const key = keyOf(kind, name);
    if (this.#ids.has(key) && this.#ids.get(key) !== id) this.#ambiguous.add(key);
    this.#ids.set(key, id);
    this.#names.set(id, { kind, name });
  }

  /** @throws TenantFileError when nothing, or more than one object, has the name. */
  id(kind: NamedKind, name: string): string {
    const key = keyOf(kind, name);
    if (this.#ambiguous.has(key)) {
      throw new TenantFileError(`Several objects of the kind ${kind} are called ${name}. Rename all but one.`);
    }
    const id = this.#ids.get(key);
    if (id === undefined)
      throw new TenantFileError(`There is no ${kind} called ${name}, neither in the file nor in the hub.`);
    return id;
  }

  /** Every object of a kind that was told. */
  all(kind: NamedKind): { name: string; id: string }[] {
    return [...this.#names].filter(([, known]) => known.kind === kind).map(([id, { name }]) => ({ name, id }));
  }

  nameOf(id: string): string | undefined {
    return this.#names.get(id)?.name;
  }

  /** The id of a member, owner or holder: a user principal name, `group:<name>` or `application:<name>`. */
  principalId(text: string): string {
    for (const [kind, prefix] of Object.entries(prefixes)) {
      if (text.startsWith(prefix)) return this.id(kind as NamedKind, text.slice(prefix.length));
    }
    return this.id('user', text);
  }

  /** The opposite of `principalId`; undefined for objects that a file cannot name. */
  principalName({ id }: RelatedObject): string | undefined {
    const known = this.#names.get(id);
    if (!known || this.#ambiguous.has(keyOf(known.kind, known.name))) return undefined;
    return known.kind === 'user' ? known.name : `${prefixes[known.kind] ?? ''}${known.name}`;
  }
}

function keyOf(kind: NamedKind, name: string): string {
  return `${kind} ${name.toLowerCase()}`;
}
