/** A tenant file cannot be read or applied. Its message names file and place, and what to do. */
export class TenantFileError extends Error {
  override readonly name = 'TenantFileError';
}
