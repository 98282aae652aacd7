import { z } from 'zod';
import { collection } from './property.ts';

/** An object of a collection of mixed kinds; `@odata.type` says which, and its properties stand beside. */
export const directoryObject = z.looseObject({
  '@odata.type': z.string().optional(),
  '@odata.context': z.string().optional(),
  id: z.string(),
});

export const directoryObjects = collection(directoryObject);
