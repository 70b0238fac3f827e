/**
 * Makes the pictures of `web/` from the app as it runs: a question over the sample shop with the scripted model, and the overview of operators.
 * `node docs/images/web.ts` after a change to what they look like. Needs Chromium and the sandbox, as the tests do.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openBrowser } from '../../test/support/web/browser.ts'
import { serveApp } from '../../test/support/web/served-app.ts'

const folder = join(import.meta.dirname, 'web')
mkdirSync(folder, { recursive: true })

await using browser = await openBrowser()
await using app = await serveApp()

/** With few colours, of which pages have no more: a third of the bytes. */
async function keep(page: Page, name: string): Promise<void> {
  const taken = await page.screenshot({ animations: 'disabled' })
  await sharp(taken)
    .png({ palette: true, colours: 128, effort: 10 })
    .toFile(join(folder, `${name}.png`))
}

for (const theme of ['light', 'dark'] as const) {
  await using asking = await app.open(browser, 'service', '#/ask', { theme, height: 1160 })
  await asking.page.getByRole('textbox', { name: /question/i }).fill('Which product categories bring the most margin?')
  await asking.page.keyboard.press('Enter')
  await asking.page.locator('.chart-place svg').first().waitFor()
  await keep(asking.page, `ask-${theme}`)
  await using operating = await app.open(browser, 'operators', '#/operate', { theme, height: 900 })
  await operating.page.getByRole('heading', { level: 1 }).waitFor()
  await operating.page.waitForLoadState('networkidle')
  await keep(operating.page, `operate-${theme}`)
}
