import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/**
 * What axe finds serious or critical on a page as it is now: the rule and the first elements, empty where there is nothing. WCAG 2.2,
 * levels A and AA, and axe's own best practices. `rules`: these alone, of a page that was looked at whole before another theme or width.
 */
export async function seriousFaults(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations, passes } = await (rules === undefined ? axe : axe.withRules(rules)).analyze()
  if (passes.length === 0) throw new Error('axe has checked nothing.')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`)
          .join(' | ')}`,
    )
}

/** How far a page is wider than its window, in CSS pixels: nobody scrolls sideways to read. */
export async function sidewaysPixels(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
