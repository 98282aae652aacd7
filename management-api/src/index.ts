/**
 * The contract of the management API: every operation with its path, permissions, parameters and bodies, declared once.
 * The server validates by it, the typed client and the OpenAPI document are derived from it. Relies on zod only.
 */
export {};
