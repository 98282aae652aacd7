import type { z } from 'zod';

/** One start-up setting as the table declares it. */
export interface Setting<Type extends z.ZodType = z.ZodType> {
  /** How its text from the environment is read. */
  type: Type;
  /** What it means, for the reference page and `--help`. */
  meaning: string;
  /** What holds when it is not set, in words where no constant can say it. */
  otherwise: string;
  /** True when its value must never be shown. */
  isSecret?: boolean;
}

/** The environment name of a setting: `publicUrl` is `COUNTERSIGN_PUBLIC_URL`. */
export function environmentName(setting: string): string {
  return `COUNTERSIGN_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
