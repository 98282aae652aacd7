/**
 * What a sign-in asks of a person: flows, and their steps as pure functions from state and input to the next form. Relies
 * on directory and applications; knows neither HTML nor HTTP, and steps never route to one another.
 */
export type * from './flow.ts';
export * from './form.ts';
