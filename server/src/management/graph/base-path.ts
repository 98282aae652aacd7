/** Where the API starts, with its version. */
export const basePath = '/v1.0';
