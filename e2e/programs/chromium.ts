import { type Browser, chromium } from 'playwright-core';

/**
 * Starts Chromium without a window: the one that the variable `CHROMIUM` names, or Debian's.
 *
 * @param more  further switches
 */
export function launchChromium(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...more,
    ],
  });
}
