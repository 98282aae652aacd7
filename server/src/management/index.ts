/**
 * The management API. `graph/` speaks Microsoft Graph's shapes: it holds requests against the contract in
 * `management-api/`, and translates them to the features and their answers back. `resource-manager/` does the same in
 * Azure Resource Manager's shape. Knows neither the database nor the web
 * framework. https://learn.microsoft.com/graph/use-the-api
 */
export { type GraphMount, type GraphOptions, graphMount } from './graph/mount.ts';
export { continuation } from './graph/odata/continuation.ts';
export { type ResourceManagerMount, resourceManagerMount } from './resource-manager/mount.ts';
