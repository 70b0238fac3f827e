import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../../support/cli/sallyport-here.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'
import { seriousFaults } from '../../support/web/accessibility.ts'
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

/** Lets go of a file over a part of the page; says whether the browser was kept from opening it. */
async function dropFile(page: Page, selector: string): Promise<string> {
  return await page.evaluate<string>(`{
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['region,amount\\nsouth,9\\n'], 'sales.csv', { type: 'text/csv' }))
    const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
    document.querySelector('${selector}').dispatchEvent(event) ? 'opened' : 'prevented'
  }`)
}

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

  it('takes files that are dropped anywhere and cells that are pasted, two of one name as two', async () => {
    const { page } = watched
    await dropFile(page, 'h1')
    await page.waitForSelector('.file-preview >> text=sales (2).csv')
    await page.evaluate(`{
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'region\\tamount\\nwest\\t7\\n')
      clipboardData.setData('text/html', '<table><tr><td>region</td></tr></table>')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }`)
    await page.waitForSelector('.file-preview:nth-of-type(3) .data-table-cell >> text=west')
    expect(await page.textContent('.composer-hint')).toMatch(/sales\.csv.*sales \(2\)\.csv.*pasted-table\.tsv/)
    expect(await seriousFaults(page)).toEqual([])
    await page.click('.file-preview:nth-of-type(3) > .button')
    await page.click('.file-preview:nth-of-type(2) > .button')
    expect(await page.locator('.file-preview').count()).toBe(1)
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
    // What is dropped now is neither taken nor opened in place of the page.
    expect(await dropFile(page, 'h1')).toBe('prevented')
    expect(await page.textContent('.composer-hint')).not.toContain('sales (2).csv')
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
    // The names are asked for once the question has ended.
    await expect.poll(() => other.textContent('.composer-hint')).toContain('sales.csv')
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
    // It is loaded anew by itself, and holds what the other one may see.
    await page.waitForSelector('text=This conversation is not there any more.')
    expect(await page.textContent('body')).not.toContain('endless')
    await other.close()
  })
})
