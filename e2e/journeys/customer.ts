// What a customer of the insurance company does, and sees.
import assert from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import { CaughtCodes } from './caught-codes.ts';
import type { DemoHub } from './demo-hub.ts';
import type { Visitor } from './visitor.ts';

const password = 'correct horse battery staple';
const newPassword = 'another horse, another staple';

/** Buttons of the hub's pages, by what they do. */
const button = (action: string) => `button[name=action][value=${action}]`;
const submit = button('submit');

/** A customer with an address of her own. */
export class Customer {
  readonly #visitor: Visitor;
  readonly #hub: DemoHub;
  readonly #email = `marge-${crypto.randomUUID()}@example.com`;
  #seed = '';
  #recoveryCode = '';
  readonly #codes: CaughtCodes;

  constructor(visitor: Visitor, hub: DemoHub) {
    this.#visitor = visitor;
    this.#hub = hub;
    this.#codes = new CaughtCodes(visitor.page, hub.origin);
  }

  /** From the sign-up to the new password, with everything that can be cancelled and mistyped in between. */
  async journey(): Promise<void> {
    await this.#readsPublicPlans();
    await this.#cancelsSignIn();
    await this.#signsUp();
    await this.#looksAtPolicy();
    await this.#cancelsSecondFactor();
    await this.#changesBeneficiary('Lisa Simpson', () => this.#enrolsAuthenticator());
    await this.#editsProfile();
    await this.#signsOut();
    await this.#signsInAfterWrongPassword(password, 'not the password');
    await this.#changesBeneficiary('Bart Simpson', () => this.#provesAuthenticator());
    await this.#signsOut();
    await this.#resetsPassword();
    await this.#signsOut();
    await this.#signsInAfterWrongPassword(newPassword, password);
  }

  async #readsPublicPlans(): Promise<void> {
    await this.#visitor.open(this.#hub.web);
    await this.#visitor.sees('h1:has-text("Insured")');
    await this.#visitor.press('nav a[href="/plans"]');
    await this.#visitor.sees('.tile:has-text("Contoso Life Family"):has-text("€250,000")');
  }

  async #cancelsSignIn(): Promise<void> {
    await this.#visitor.press('a[href="/sign-in"]');
    await this.#visitor.sees('[name=password]');
    await this.#visitor.press(button('cancel'));
    await this.#visitor.sees('[role=status]:has-text("You cancelled")');
  }

  async #signsUp(): Promise<void> {
    await this.#visitor.press('a[href="/sign-in"]');
    await this.#visitor.press(button('signUp'));
    await this.#provesMailbox();
    await this.#visitor.sees('[name=newPassword]');
    for (const [field, text] of Object.entries({
      displayName: 'Marge Simpson',
      givenName: 'Marge',
      surname: 'Simpson',
      newPassword: password,
      repeatedPassword: password,
    })) {
      await this.#visitor.fill(`[name=${field}]`, text);
    }
    await this.#visitor.press(submit);
    await this.#visitor.sees(`h1:has-text("My claims")`);
    await this.#visitor.sees(`div:has(dt code:text-is("emails")) dd:has-text("${this.#email}")`);
    await this.#visitor.sees('div:has(dt code:text-is("given_name")) dd:has-text("Marge")');
    await this.#visitor.sees('div:has(dt code:text-is("tfp")) dd:has-text("B2C_1_signupsignin1")');
  }

  /** Types the address and, after a wrong one, the code that was sent to it. */
  async #provesMailbox(): Promise<void> {
    await this.#visitor.sees('[name=email]');
    await this.#visitor.fill('[name=email]', this.#email);
    await this.#visitor.press(submit);
    await this.#visitor.sees('[name=code]');
    const code = await this.#codes.sentTo(this.#email);
    await this.#visitor.fill('[name=code]', code === '000000' ? '000001' : '000000');
    await this.#visitor.press(submit);
    await this.#visitor.sees('[name=code][aria-invalid=true]');
    await this.#visitor.fill('[name=code]', code);
    await this.#visitor.press(submit);
  }

  async #looksAtPolicy(): Promise<void> {
    await this.#visitor.press('nav a[href="/policy"]');
    await this.#visitor.sees('div:has(dt:has-text("Beneficiary")) dd:has-text("nobody yet")');
    assert.match(await this.#visitor.reads('dl.facts'), /CL-1\d{5}/);
  }

  async #cancelsSecondFactor(): Promise<void> {
    await this.#visitor.press('main a[href="/policy/beneficiary"]');
    await this.#visitor.sees('[name=code]');
    await this.#visitor.press(button('cancel'));
    await this.#visitor.sees('[role=status]:has-text("You cancelled")');
  }

  async #changesBeneficiary(name: string, confirm: () => Promise<void>): Promise<void> {
    await this.#visitor.press('main a[href="/policy/beneficiary"]');
    await this.#visitor.sees('[name=code]');
    await confirm();
    await this.#visitor.sees('h1:has-text("Change beneficiary")');
    await this.#visitor.fill('[name=name]', name);
    await this.#visitor.press('main button');
    await this.#visitor.sees('[role=status]:has-text("has been changed")');
    await this.#visitor.sees(`dd:has-text("${name}")`);
  }

  async #enrolsAuthenticator(): Promise<void> {
    this.#seed = (await this.#visitor.reads('figure code')).replaceAll(/\s/g, '');
    await this.#visitor.fill('[name=code]', this.#codeAt(Date.now()));
    await this.#visitor.press(submit);
    await this.#visitor.sees('h1:has-text("recovery codes")');
    this.#recoveryCode = await this.#visitor.reads('.cs-codes code');
    await this.#visitor.press(submit);
  }

  async #provesAuthenticator(): Promise<void> {
    assert.equal(await this.#visitor.page.locator('figure').count(), 0, 'nothing is enrolled again');
    // A code counts once, so this is the next one, which is taken from clocks that are ahead.
    await this.#visitor.fill('[name=code]', this.#codeAt(Date.now() + 30_000));
    await this.#visitor.press(submit);
  }

  #codeAt(timestamp: number): string {
    return new TOTP({ secret: Secret.fromBase32(this.#seed) }).generate({ timestamp });
  }

  async #editsProfile(): Promise<void> {
    await this.#visitor.press('nav a[href="/claims"]');
    await this.#visitor.press('a[href="/profile"]');
    await this.#visitor.sees('[name=displayName]');
    await this.#visitor.fill('[name=displayName]', 'Marjorie Simpson');
    await this.#visitor.press(submit);
    await this.#visitor.sees('[role=status]:has-text("profile has been saved")');
    await this.#visitor.sees('header:has-text("Marjorie Simpson")');
  }

  async #signsOut(): Promise<void> {
    await this.#visitor.press('form[action="/sign-out"] button');
    await this.#visitor.sees('h1:has-text("Insured")');
  }

  async #signsInAfterWrongPassword(right: string, wrong: string): Promise<void> {
    await this.#visitor.press('nav a[href="/policy"]');
    for (const typed of [wrong, right]) {
      await this.#visitor.sees('[name=password]');
      await this.#visitor.fill('[name=name]', this.#email);
      await this.#visitor.fill('[name=password]', typed);
      await this.#visitor.press(submit);
      if (typed === wrong) await this.#visitor.sees('[role=alert]');
    }
    await this.#visitor.sees('h1:has-text("My policy")');
  }

  async #resetsPassword(): Promise<void> {
    await this.#visitor.press('a[href="/password"]');
    await this.#provesMailbox();
    // A mailbox alone does not get past the second factor. The phone is lost as well.
    await this.#visitor.press(button('choose'));
    await this.#visitor.press('button[name=method][value=recoveryCode]');
    await this.#visitor.sees('h1:has-text("Confirm that it is you")');
    await this.#visitor.fill('[name=code]', this.#recoveryCode);
    await this.#visitor.press(submit);
    await this.#visitor.sees('[name=newPassword]');
    await this.#visitor.fill('[name=newPassword]', newPassword);
    await this.#visitor.fill('[name=repeatedPassword]', newPassword);
    await this.#visitor.press(submit);
    await this.#visitor.sees('[role=status]:has-text("password has been changed")');
    // The reset has left a session at the hub, which signs in without asking.
    await this.#visitor.press('a[href="/sign-in"]');
    await this.#visitor.sees('h1:has-text("My claims")');
  }
}
