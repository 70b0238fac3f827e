import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults, sidewaysPixels } from '../../support/web/accessibility.ts'
import { openBrowser, type OpenedBrowser } from '../../support/web/browser.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'
import { verifies } from '../../support/verifies.ts'

let app: ServedApp
let browser: OpenedBrowser

beforeAll(async () => {
  browser = await openBrowser()
  app = await serveApp()
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
})

/** Whom the page says that somebody is signed in as. */
const who = (page: Page) => page.locator('.shell-who')

/** What has the focus, as it is read aloud. */
const focused = (page: Page) =>
  page.evaluate<string>(
    `(({ activeElement: at }) => at.getAttribute('aria-label') ?? at.closest('label')?.textContent ?? at.textContent)(document)`,
  )

const focusedId = (page: Page) => page.evaluate<string>('document.activeElement.id')

describe('the frame of the app', () => {
  it('signs in by the link of the banner, once, and leaves it in no address', async () => {
    verifies('web.links')
    await using first = await browser.newPage()
    await first.page.goto(app.links.service)
    await who(first.page).waitFor()
    expect(first.page.url()).not.toContain('link=')
    expect(await first.page.evaluate('document.cookie')).toBe('')
    const secret = new URL(app.links.service.replace('#/', '')).searchParams.get('link') ?? 'none'
    expect(first.requests.filter(({ url }) => url.includes(secret))).toEqual([])

    await using second = await browser.newPage()
    await second.page.goto(app.links.service)
    await second.page.getByRole('alert').waitFor()
    expect(await who(second.page).count()).toBe(0)
  })

  it('is an operator’s at the operators’ address, and nobody else’s', async () => {
    await using page = await app.open(browser, 'operators', '#/operate')
    await page.page.getByRole('link', { name: 'Tune', exact: true }).waitFor()
    const listed = page.page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
    expect(await listed.allTextContents()).toEqual(['Operate', 'Tune'])
    await page.page.goto(`${app.addresses.operators}#/ask`)
    await page.page.getByText('There is no such page.').waitFor()
    await page.page.goto(`${app.addresses.service}#/ask`)
    await page.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('asks nobody but its own origin, and breaks none of its policy', async () => {
    verifies('web.policy')
    await using page = await app.open(browser, 'service', '#/ask')
    await who(page.page).waitFor()
    await page.page.waitForLoadState('networkidle')
    const { origin } = new URL(app.addresses.service)
    expect(page.requests.length).toBeGreaterThan(3)
    expect(page.requests.filter(({ url }) => new URL(url).origin !== origin)).toEqual([])
    expect(page.faults).toEqual([])
  })

  it('is signed out by a button, and says so where a session ended meanwhile', async () => {
    await using page = await app.open(browser, 'service', '#/ask')
    await page.page.getByRole('button', { name: 'Sign out' }).click()
    await page.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.page.reload()
    await page.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await who(page.page).count()).toBe(0)
  })

  it('says so where a page is gone since the service was renewed, and has it once it is loaded again', async () => {
    verifies('web.renewed')
    await using watched = await app.open(browser, 'service', '#/ask')
    const { page } = watched
    await who(page).waitFor()
    await page.route('**/assets/share-page-*.js', (route) => route.fulfill({ status: 404, body: '' }))
    await page.getByRole('link', { name: 'Shared', exact: true }).click()
    await page.getByText('renewed since this tab was opened').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Load the app again' }).click()
    await page.locator('section[aria-label="By you"]').waitFor()
  })

  it('is gone through by the keyboard alone: skipped to its content, signed in, moved in', async () => {
    verifies('web.keyboard')
    await using watched = await browser.newPage()
    const { page } = watched
    await page.goto(app.addresses.service)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    expect(await focusedId(page)).toBe('main')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toContain('API key')
    await page.keyboard.type(app.keys.service)
    await page.keyboard.press('Enter')
    await who(page).waitFor()

    await page.getByRole('link', { name: 'Conversations', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.title()).toContain('Conversations')
    expect(await focusedId(page)).toBe('main')
    await page.goBack()
    await expect.poll(() => page.title()).toContain('Ask')
  })

  it.each(['light', 'dark'] as const)(
    'has no serious fault to axe, in %s, on a wide window and on a phone',
    async (theme) => {
      verifies('web.accessible')
      for (const width of [1280, 360]) {
        await using stranger = await browser.newPage({ theme, width })
        await stranger.page.goto(app.addresses.service)
        await stranger.page.getByRole('heading', { name: 'Sign in' }).waitFor()
        await using known = await app.open(browser, 'operators', '#/operate', { theme, width })
        await who(known.page).waitFor()
        for (const { page } of [stranger, known]) {
          expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(theme)
          expect(await seriousFaults(page)).toEqual([])
          expect(await sidewaysPixels(page)).toBe(0)
        }
      }
    },
  )

  it('keeps the theme that a person chose', async () => {
    await using watched = await browser.newPage()
    const { page } = watched
    await page.goto(app.addresses.service)
    await page.getByLabel('Theme').selectOption('Dark')
    const background = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
    const dark = await background()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await background()).toBe(dark)
    await page.getByLabel('Theme').selectOption('Light')
    expect(await background()).not.toBe(dark)
  })
})
