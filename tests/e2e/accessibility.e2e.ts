/** What axe-core finds on every screen, in both themes: nothing serious, nothing critical. */
import { readFileSync } from 'node:fs';
import type Axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchApp } from './launch.js';
import { openViolation, sampleOpened, terminalRow } from './steps.js';

const AXE_SOURCE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical violations of the page as it stands, one line each. */
async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // The page's policy allows no foreign script; the debugger's evaluation is not bound by it.
  await page.evaluate(AXE_SOURCE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
      );
  });
}

for (const colorScheme of ['dark', 'light'] as const) {
  test(`the welcome screen has no serious barrier in the ${colorScheme} theme`, async () => {
    const { page } = await launchApp({ colorScheme });
    await page.getByRole('button', { name: 'Open the sample capture' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test(`sessions, a session and violations have no serious barrier in the ${colorScheme} theme`, async () => {
    const { page } = await sampleOpened({ colorScheme });
    await page.getByRole('grid', { name: 'Sessions' }).locator('[role="row"][aria-selected]').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await openViolation(page, 'smtp-cram-md5-overflow', 2);
    await terminalRow(page, /\*\*.*response, [\d,]+ bytes/);
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const name of ['Facts', 'Hex']) {
      await page.getByRole('tab', { name }).click();
      await page.getByRole('tabpanel', { name }).locator('dl, button').first().waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    }
    await page.keyboard.press('Control+2');
    await page.getByRole('grid', { name: 'Violations' }).locator('[role="row"][aria-selected]').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
}
