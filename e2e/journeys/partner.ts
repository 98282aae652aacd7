// Somebody from a partner organization, who uses the claims-aware application of the demo.
import assert from 'node:assert/strict';
import type { DemoHub } from './demo-hub.ts';
import type { Visitor } from './visitor.ts';

const submit = 'button[name=action][value=submit]';
const title = (text: string) => `h1:has-text("${text}")`;

/** A person of the demo: name to sign in with, organization as the hub and its page call it, and what the rules make of it. */
export interface Person {
  name: string;
  displayName: string;
  /** Id of the identity provider. */
  provider: string;
  /** Display name of the tenant at home. */
  organization: string;
  isApprover: boolean;
}

export class Partner {
  readonly #visitor: Visitor;
  readonly #hub: DemoHub;
  readonly #person: Person;

  constructor(visitor: Visitor, hub: DemoHub, person: Person) {
    this.#visitor = visitor;
    this.#hub = hub;
    this.#person = person;
  }

  /** Begins at the application. @param home  domain that is typed there; without one the hub asks */
  async asksToSignIn(protocol: 'ws-federation' | 'saml', { home = '', isFresh = false } = {}): Promise<void> {
    await this.#visitor.open(this.#hub.claims);
    await this.#visitor.sees(title('Supplies for partners'));
    const { page } = this.#visitor;
    // Keyboards move within the group by arrows.
    if (protocol === 'saml') await page.check('input[value=saml]');
    if (home !== '') await this.#visitor.fill('#home', home);
    if (isFresh) await page.check('input[name=fresh]');
    await this.#visitor.press('main form button');
  }

  /** On the hub's page that asks where somebody is at home. */
  async choosesOrganization(): Promise<void> {
    await this.#visitor.sees(title('Sign in'));
    await this.#visitor.press(`button[name=provider][value="${this.#person.provider}"]`);
  }

  async typesNameAtHub(): Promise<void> {
    await this.#visitor.sees(title('Sign in'));
    await this.#visitor.fill('[name=name]', this.#person.name);
    await this.#visitor.press(submit);
  }

  /** At home, which is the only place that sees the password. */
  async signsInAtHome(): Promise<void> {
    await this.#visitor.sees(`.cs-brand:has-text("${this.#person.organization}")`);
    await this.#visitor.fill('[name=name]', this.#person.name);
    await this.#visitor.fill('[name=password]', this.#hub.password);
    await this.#visitor.press(submit);
  }

  /** The claims that came, as the rules of both sides made them. */
  async seesClaims(protocol: string): Promise<void> {
    const { displayName, organization, isApprover } = this.#person;
    await this.#visitor.sees(title('My claims'));
    await this.#visitor.sees(`[role=status]:has-text("You have signed in by ${protocol}")`);
    const { page } = this.#visitor;
    const rows = await page
      .locator('tbody tr')
      .evaluateAll((found) =>
        found.map((row) => [
          row.querySelector('small')?.textContent,
          ...[...row.querySelectorAll('td')].map((cell) => cell.textContent),
        ]),
      );
    const valuesOf = (type: string) => rows.filter(([name]) => name?.endsWith(`/${type}`)).map(([, value]) => value);
    assert.deepEqual(valuesOf('name'), [displayName]);
    assert.deepEqual(valuesOf('identityprovider'), [organization]);
    assert.deepEqual(valuesOf('role').sort(), isApprover ? ['Approver', 'Requester'] : ['Requester']);
    for (const [, , issuer] of rows)
      assert.ok(issuer?.startsWith(`${this.#hub.origin}/`), 'the hub signs each of them');
  }

  /** What a claim allows. */
  async looksAtOrders(): Promise<void> {
    await this.#visitor.press('nav a[href="/orders"]');
    await this.#visitor.sees(title(this.#person.isApprover ? 'Orders that wait' : 'Only for approvers'));
  }

  async signsOut(): Promise<void> {
    await this.#visitor.press('form[action="/sign-out"] button');
    await this.#visitor.sees('[role=status]:has-text("You have signed out")');
    await this.isUnknown();
  }

  /** At the hub, which tells the application. */
  async signsOutAtHub(): Promise<void> {
    await this.#visitor.open(`${this.#hub.origin}/myoc/oauth2/v2.0/logout`);
    await this.#visitor.sees(title('You are signed out'));
  }

  async isUnknown(): Promise<void> {
    await this.#visitor.open(this.#hub.claims);
    await this.#visitor.sees(title('Supplies for partners'));
  }
}
