import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../../support/cli/sallyport-here.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'
import { openBrowser, type OpenedBrowser, type WatchedPage } from '../../support/web/browser.ts'
import { startScriptedAnalyst } from '../../support/web/scripted-analyst.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'

const table = join(temporaryFolder('web-'), 'sales.csv')
writeFileSync(table, 'region,amount\nnorth,3\n')

let model: Awaited<ReturnType<typeof startScriptedAnalyst>>
let app: ServedApp
let browser: OpenedBrowser
let key: string
let watched: WatchedPage
beforeAll(async () => {
  const questions = ['How many orders are there of each status?']
  model = await startScriptedAnalyst({ settings: { web: { questions } } })
  ;[app, browser] = await Promise.all([serveApp(model.environment), openBrowser()])
  const { environment } = app.service
  const scopes = 'ask,sql,execute,sessions,models'
  key = (await sallyportHere(['keys', 'create', 'writing', '--scopes', scopes], { environment })).stdout.trim()
  watched = await app.open(browser, 'service', '#/ask', { key })
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

describe('a conversation in Chromium', () => {
  it('begins with a question that is offered, by one press', async () => {
    const { page } = watched
    await page.click('.suggestions >> text=How many orders are there of each status?')
    await page.waitForSelector('.turn-answer >> text=The most frequent status')
    expect(await page.locator('.suggestions').count()).toBe(0)
    await page.click('nav >> text=Ask')
    await page.waitForSelector('.suggestions')
    // Whoever has a keyboard writes at once.
    await page.waitForSelector('#question:focus')
  })

  it('has what was being written, and its files, when somebody comes back to it', async () => {
    const { page } = watched
    await page.setInputFiles('.composer input[type=file]', table)
    await page.waitForSelector('.file-preview .data-table-cell')
    await page.fill('#question', 'How do we')
    await page.click('nav >> text=Conversations')
    await page.waitForSelector('h1 >> text=Conversations')
    await page.click('nav >> text=Ask')
    expect(await page.inputValue('#question')).toBe('How do we')
    expect(await page.textContent('.file-preview summary')).toContain('sales.csv')
  })

  it('gives a question back that could not be sent', async () => {
    const { page, context } = watched
    await context.setOffline(true)
    await page.fill('#question', 'How many orders are there?')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.turn .notice-error')
    expect(await page.inputValue('#question')).toBe('How many orders are there?')
    await context.setOffline(false)
    await page.click('.composer >> text=Ask')
    await page.waitForSelector('.turn:nth-child(2) .turn-answer >> text=The most frequent status')
    expect(await page.inputValue('#question')).toBe('')
  })

  it('is followed by another tab, which may end it, and asks before its own tab is left', async () => {
    const { page, context } = watched
    await page.fill('#question', 'Run an endless program')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.turn:last-child .step-running', { state: 'attached' })
    const dialogs: string[] = []
    page.once('dialog', (dialog) => {
      dialogs.push(dialog.type())
      void dialog.dismiss()
    })
    await page.close({ runBeforeUnload: true })
    await expect.poll(() => dialogs).toEqual(['beforeunload'])
    const other = await context.newPage()
    await other.goto(page.url())
    await other.waitForSelector('text=another page shows how')
    await other.click('.composer >> text=Stop')
    await other.waitForSelector('text=The sandbox has ended')
    await page.waitForSelector('.turn:last-child .notice >> text=Nothing runs for this question any more')
    expect(await other.textContent('.composer-hint')).toContain('sales.csv')
    await other.close()
    await page.click('.turn:last-child >> text=Ask again')
    expect(await page.inputValue('#question')).toBe('Run an endless program')
  })

  it('is gone from every tab of a browser in which somebody else signs in', async () => {
    verifies('web.people-apart')
    const { page, context } = watched
    expect(await page.textContent('.turns')).toContain('Run an endless program')
    const { environment } = app.service
    const another = (
      await sallyportHere(['keys', 'create', 'another', '--scopes', 'ask,sessions'], { environment })
    ).stdout.trim()
    const other = await context.newPage()
    await other.goto(`${app.addresses.service}#/ask`)
    await other.click('text=Sign out')
    await other.waitForSelector('h1 >> text=Sign in')
    // The first tab has nobody any more, and holds nothing.
    await page.waitForSelector('h1 >> text=Sign in')
    await other.fill('.sign-in input[type=password]', another)
    await other.keyboard.press('Enter')
    await other.waitForSelector('#question')
    await page.reload()
    await page.waitForSelector('text=This conversation is not there any more.')
    expect(await page.textContent('body')).not.toContain('endless')
    await other.close()
  })
})
