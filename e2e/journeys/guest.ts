// Somebody who goes through the hub's pages by keyboard alone: what is done on those that come again and again.
import type { Browser } from 'playwright-core';
import { password } from '../peers/organization.ts';
import { CaughtCodes } from './caught-codes.ts';
import { Visitor } from './visitor.ts';

/** Where the application would be; the browser is answered in its place. */
export const application = 'https://application.example/back';

export const submit = 'button[name=action][value=submit]';
export const button = (action: string) => `button[name=action][value=${action}]`;
export const title = (text: string) => `h1:has-text("${text}")`;

export class Guest {
  readonly visitor: Visitor;
  readonly codes: CaughtCodes;

  private constructor(visitor: Visitor, hubOrigin: string) {
    this.visitor = visitor;
    this.codes = new CaughtCodes(visitor.page, hubOrigin);
  }

  /** @param examined  pages that other guests have examined, to which this one adds */
  static async arrive(browser: Browser, hubOrigin: string, examined: Set<string>, locale = 'en-US'): Promise<Guest> {
    const habits = { hasScripts: true, usesKeyboardOnly: true, examinesPages: true, examined, locale };
    const visitor = await Visitor.arrive(browser, habits);
    const body = '<!doctype html><html lang="en"><title>Back</title><main><h1>Back</h1></main>';
    await visitor.page.context().route('https://application.example/**', (route) => route.fulfill({ body }));
    return new Guest(visitor, hubOrigin);
  }

  async signIn(name: string, heading = 'Sign in', typed = password): Promise<void> {
    await this.visitor.sees(title(heading));
    await this.visitor.fill('[name=name]', name);
    await this.visitor.fill('[name=password]', typed);
    await this.visitor.press(submit);
  }

  async typeCode(code: string): Promise<void> {
    await this.visitor.fill('[name=code]', code);
    await this.visitor.press(submit);
  }

  async typeNewPassword(text: string): Promise<void> {
    await this.visitor.fill('[name=newPassword]', text);
    await this.visitor.fill('[name=repeatedPassword]', text);
    await this.visitor.press(submit);
  }
}
