/**
 * The README's pictures: the bundled sample with a critical finding, in both
 * themes. Saved to `test-results/screenshots`; copied to `docs/screenshots` by
 * hand when the looks have changed.
 */
import { describe, expect, it } from 'vitest';
import { openViolation, sampleOpened, terminalRow } from './steps.js';

describe('the picture of a critical finding', () => {
  it.each(['dark', 'light'] as const)('shows its line highlighted, %s', async (colorScheme) => {
    const app = await sampleOpened({ colorScheme, size: { width: 1280, height: 800 } });
    const { page } = app;
    await openViolation(page, 'smtp-cram-md5-overflow', 2);
    expect(await terminalRow(page, /\*\*.*response, 1,400 bytes/)).toContain('->');
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    await app.screenshot(`session-${colorScheme}`);
  });
});
