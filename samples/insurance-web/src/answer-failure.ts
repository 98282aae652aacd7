import { AuthError } from '@azure/msal-node';
import type { FastifyReply } from 'fastify';
import type { Browser } from './browser.ts';
import { SignedOut } from './identity.ts';
import { ApiError } from './insurance-api.ts';
import { messagePage } from './pages/message-page.ts';

/** Turns what went wrong into a page that helps, or into another try. The cause goes to the log only. */
export async function answerFailure(browser: Browser, error: unknown, url: string): Promise<FastifyReply> {
  // Whoever signs in again gets new tokens.
  const isSignedOut = error instanceof SignedOut || (error instanceof ApiError && error.status === 401);
  if (isSignedOut && browser.session?.person) {
    browser.session.person = undefined;
    return browser.walk('signIn', url).catch((next) => answerFailure(browser, next, url));
  }
  console.error(error);
  const { status, ...message } = explain(error);
  const next = { href: '/', label: 'To the start' };
  return browser.show(messagePage(browser.frame(), { ...message, next }), status);
}

function explain(error: unknown): { status: number; title: string; text: string } {
  if (error instanceof ApiError) {
    const text = 'The insurance API does not answer as it should. Try again in a moment.';
    return { status: 502, title: 'Your policy is out of reach', text };
  }
  if (error instanceof AuthError) {
    const text = 'The sign-in service did not do what was asked of it. Try again in a moment.';
    return { status: 502, title: 'Signing in did not work', text };
  }
  return { status: 500, title: 'Something went wrong', text: 'It is not your fault. Try again in a moment.' };
}
