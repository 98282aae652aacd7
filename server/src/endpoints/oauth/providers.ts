import type { Provider } from 'oidc-provider';
import { buildProvider } from './build-provider.ts';
import type { IssuerForm } from './issuer-form.ts';
import { readProviderKeys } from './signing-keys.ts';
import type { OAuthOptions } from './stores.ts';

interface Built {
  provider: Provider;
  keysVersion: string;
  /** When the keys were compared last, in milliseconds. */
  checkedAt: number;
}

/** Providers in memory, at about 170 KB each once they were used. */
const most = 400;
/** After this time a change of the keys is seen. Keys are published far longer before they sign. */
const freshFor = 10_000;

/** The providers of all tenants, each built when it is first needed and again when the keys of its tenant have changed. */
export class Providers {
  readonly #options: OAuthOptions;
  readonly #built = new Map<string, Built>();

  constructor(options: OAuthOptions) {
    this.#options = options;
  }

  /** The provider of a tenant under an issuer of this form. */
  async get(tenantId: string, form: IssuerForm, issuer: string): Promise<Provider> {
    const name = `${form.prefix} ${issuer}`;
    const now = this.#options.now().getTime();
    const known = this.#built.get(name);
    const built =
      known && Math.abs(now - known.checkedAt) < freshFor ? known : await this.#build(tenantId, form, issuer, known);
    // The one that was used last goes last.
    this.#built.delete(name);
    this.#built.set(name, built);
    if (this.#built.size > most) {
      const [oldest = ''] = this.#built.keys();
      this.#built.delete(oldest);
    }
    return built.provider;
  }

  async #build(tenantId: string, form: IssuerForm, issuer: string, known: Built | undefined): Promise<Built> {
    const keys = await readProviderKeys(this.#options.keys, tenantId);
    const checkedAt = this.#options.now().getTime();
    if (known?.keysVersion === keys.version) return { ...known, checkedAt };
    const provider = buildProvider(this.#options, tenantId, form, issuer, keys);
    return { provider, keysVersion: keys.version, checkedAt };
  }
}
