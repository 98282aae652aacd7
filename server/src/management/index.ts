/**
 * The management API. `graph/` speaks Microsoft Graph's shapes: it holds requests against the contract in
 * `management-api/`, and translates them to the features and their answers back. Knows neither the database nor the web
 * framework.
 */
export { dispatcher } from './graph/dispatch.ts';
export { handlers } from './graph/handlers/index.ts';
export { continuation } from './graph/odata/continuation.ts';
