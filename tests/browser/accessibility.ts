import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeOptions {
  readonly runOnly?: string[];
  readonly preload: boolean;
  readonly resultTypes: 'violations'[];
}

/** What axe-core finds wrong with a part of the page, a line for each element; empty when there is nothing. @param rules all of them when absent */
export async function accessibilityProblems(page: Page, part: string, rules?: readonly string[]): Promise<string[]> {
  // Evaluated from outside: the page's own policy lets no such script in.
  await page.evaluate(source);
  // Colours on their way from one to another have contrasts that nobody is meant to see.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      if (animation.effect?.getComputedTiming().iterations !== Infinity) animation.finish();
    }
  });
  const { violations } = await page.evaluate<AxeResults, [string, AxeOptions]>(
    // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- it has put itself there
    ([selector, options]) => (globalThis as any).axe.run(selector, options),
    // A style sheet that is still on its way would be fetched and put into a <style>, which the page's policy refuses. What
    // passes need not be described.
    [part, { preload: false, resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: [...rules] }) }],
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help} ${html.slice(0, 200)}`));
}
