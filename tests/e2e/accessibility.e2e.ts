/** What axe-core finds on every screen, in both themes: nothing serious, nothing critical. */
import { readFileSync } from 'node:fs';
import type Axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchApp } from './launch.js';
import { appThatCaptures, startOn } from './live-steps.js';
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

  test(`a live capture, its start options and its strips have no serious barrier in the ${colorScheme} theme`, async (context) => {
    const { page } = await appThatCaptures(context, { colorScheme });
    await page.getByRole('button', { name: 'Start options' }).click();
    await page.getByLabel('Filter', { exact: true }).fill('tcp porrt 25');
    await page.getByText(/syntax error/).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Mail ports' }).click();
    await startOn(page, 'lo');
    await page.getByRole('button', { name: /^Pause the display/ }).click();
    await page.getByRole('status', { name: 'Paused display' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close capture' }).click();
    const asking = page.getByRole('dialog', { name: 'Stop the capture on lo?' });
    await asking.waitFor();
    await page.waitForFunction(() =>
      document
        .getAnimations()
        .every(
          (animation) =>
            animation.effect?.getComputedTiming().iterations === Infinity || animation.playState !== 'running',
        ),
    );
    expect(await accessibilityProblems(page)).toEqual([]);
    await asking.getByRole('button', { name: 'Stop and close' }).click();
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test(`the policy, its errors and its tabs have no serious barrier in the ${colorScheme} theme`, async () => {
    const { page } = await sampleOpened({ colorScheme });
    await page.keyboard.press('Control+2');
    await page.getByRole('grid', { name: 'Violations' }).press('ArrowDown');
    await page.getByRole('region', { name: 'Selected violation' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Control+3');
    for (const id of ['smtp-command-line-too-long', 'smtp-max-recipients']) {
      await page.locator(`[role="treeitem"][data-key="${id}"]`).click();
      expect(await accessibilityProblems(page)).toEqual([]);
    }
    await page.getByRole('radio', { name: 'Prevent' }).press('Space');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Re-inspect' }).waitFor();
    await page.locator('[data-policy-path$=".settings.limit"]').fill('none');
    await page.getByRole('status', { name: 'Problem of the draft' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('tab', { name: /^Networks/ }).click();
    await page.getByLabel('Own networks').fill('10.0.0.256');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('tab', { name: /^Perimeter/ }).click();
    await page.getByLabel('Access list lines').fill('permit everything');
    await page.getByRole('region', { name: 'Wrong lines' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: /^Profile/ }).click();
    await page.getByRole('menuitemradio', { name: /^Strict/ }).waitFor();
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    expect(await accessibilityProblems(page)).toEqual([]);
  });
}
