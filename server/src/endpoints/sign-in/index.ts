/**
 * The pages of sign-ins, and what endpoints of all protocols need to send a browser there: its cookies and the address.
 * Relies on sign-in for what is shown, on pages for how it looks.
 */
export { browserCookie, browserOf, noSessionCookie } from './cookies.ts';
export { errorPage } from './error-page.ts';
export { continueAnswer, formAnswer, frameOf, type PageFrame, postAnswer, signedOutAnswer } from './page.ts';
export { readFields, readForm } from './read-form.ts';
export { keepFailure, refuseMessage } from './refuse-message.ts';
export { RefusedTraces } from './refused-traces.ts';
export { type SignInPageOptions, signInPath, signInRoutes } from './routes.ts';
export { beginTraced, takeTraced } from './traced-sign-in.ts';
export { Tracing } from './tracing.ts';
