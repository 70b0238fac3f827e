import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../../support/verifies.ts'
import { seriousFaults, sidewaysPixels } from '../../support/web/accessibility.ts'
import { openBrowser, type OpenedBrowser } from '../../support/web/browser.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'

let app: ServedApp
let browser: OpenedBrowser
let conversation: string
beforeAll(async () => {
  const anonymous = { SALLYPORT_SHARES_ANONYMOUS_GROUP: 'default' }
  ;[app, browser] = await Promise.all([serveApp(anonymous), openBrowser()])
  const { url, key } = app.service
  const answered = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'analyst',
      store: true,
      messages: [{ role: 'user', content: 'In which countries is the refund rate highest?' }],
    }),
  })
  await answered.text()
  conversation = answered.headers.get('x-sallyport-conversation') ?? ''
}, 180_000)
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
})

describe('a share in Chromium', () => {
  it('is made from its conversation by keyboard, opened by a stranger with its link, and by nobody once it is revoked', async () => {
    verifies('web.share')
    await using maker = await app.open(browser, 'service', `#/ask/${conversation}`)
    const { page } = maker
    await page.locator('.ask-head button', { hasText: 'Share' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.locator('dialog[open]')
    await dialog.locator('legend').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await dialog.locator('label', { hasText: 'Anybody with the link' }).locator('input').focus()
    await page.keyboard.press('Space')
    await dialog.locator('button', { hasText: /^Share$/ }).focus()
    await page.keyboard.press('Enter')
    const link = await dialog.locator('.share-address input').inputValue()
    expect(link).toMatch(/\/app\/#\/share\/shr_[0-9a-f]{32}\?secret=[\w-]{43}$/)
    const secret = link.slice(-43)

    for (const theme of ['light', 'dark'] as const) {
      await using stranger = await browser.newPage({ theme, width: 360, height: 740 })
      await stranger.page.goto(link)
      await stranger.page.locator('.shared-parts .shared-assistant').last().waitFor()
      expect(await stranger.page.locator('.shared-user').innerText()).toContain('refund rate')
      expect(await stranger.page.locator('.shared-parts [role="grid"]').count()).toBeGreaterThan(0)
      const figure = stranger.page.locator('.shared-assistant .figure-cell').first()
      await figure.click()
      const cell = await stranger.page.locator('.shared-table .data-table-cell.marked').first().textContent()
      const numberOf = (text: string | null): number => parseFloat((text ?? '').replaceAll(',', ''))
      expect(numberOf(cell)).toBeCloseTo(numberOf(await figure.textContent()), 1)
      expect(await stranger.page.locator('.shared-table [role="grid"]:focus').count()).toBe(1)
      expect(await seriousFaults(stranger.page)).toEqual([])
      expect(await sidewaysPixels(stranger.page)).toBeLessThanOrEqual(0)
      expect(stranger.faults.filter((fault) => !fault.includes('401'))).toEqual([])
      const { origin } = new URL(link)
      expect(stranger.requests.filter(({ url }) => !url.startsWith(origin) && !url.startsWith('blob:'))).toEqual([])
      // The fragment is the browser's own.
      expect(stranger.requests.filter(({ url }) => url.split('#')[0]?.includes(secret))).toEqual([])
    }

    await page.goto(`${app.addresses.service}#/share`)
    const mine = page.locator('section[aria-label="By you"]')
    await mine.locator('li button', { hasText: 'Revoke' }).first().click()
    expect(await seriousFaults(page)).toEqual([])
    await page.locator('dialog[open] button', { hasText: 'Revoke it' }).click()
    await mine.locator('.empty').waitFor()
    await using late = await browser.newPage()
    await late.page.goto(link)
    await late.page.locator('.notice-error').waitFor()
    expect(await late.page.locator('.notice-error').innerText()).toContain('There is no share')
  }, 180_000)
})
