import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../../support/cli/sallyport-here.ts'
import { rulesWithTerms } from '../../support/policy/rules-with-terms.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'
import { seriousFaults, sidewaysPixels } from '../../support/web/accessibility.ts'
import { openBrowser, type OpenedBrowser, type WatchedPage } from '../../support/web/browser.ts'
import { startScriptedAnalyst } from '../../support/web/scripted-analyst.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'

const sales = join(temporaryFolder('web-'), 'sales.csv')
writeFileSync(sales, 'region,mail,amount\nnorth,ann@example.com,3\nsouth,bob@example.com,9\n')

let model: Awaited<ReturnType<typeof startScriptedAnalyst>>
let app: ServedApp
let browser: OpenedBrowser
let key: string
let watched: WatchedPage
let page: Page
beforeAll(async () => {
  model = await startScriptedAnalyst()
  const asks = { touches: ['public.reviews'], ask: 'Reviews are in the words of customers.' }
  const rules = { SALLYPORT_POLICY_BUNDLE: rulesWithTerms({ actions: { reviews: asks } }) }
  ;[app, browser] = await Promise.all([serveApp({ ...model.environment, ...rules }), openBrowser()])
  const { environment } = app.service
  const scopes = 'ask,sql,execute,sessions,models,approve'
  const made = await sallyportHere(['keys', 'create', 'asking', '--scopes', scopes], { environment })
  key = made.stdout.trim()
  watched = await app.open(browser, 'service', '#/ask', { key })
  page = watched.page
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

const answered = '.turn:last-child .turn-foot'
/** The turn whose call a person allowed: the first of its question, also where the test that asks it was tried again. */
const allowedTurn = '.turn:has-text("Which reviews are there?") >> nth=0'
const ask = async (question: string): Promise<void> => {
  await page.fill('#question', question)
  await page.keyboard.press('Enter')
}

/** What the service says, asked as the page asks. */
async function told(
  method: string,
  path: string,
  body?: FormData,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { authorization: `Bearer ${key}` }
  const answer = await fetch(`${app.service.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, body: await answer.json() }
}

/** The bytes that a press on a button saves. */
async function saved(button: string): Promise<Buffer> {
  const download = page.waitForEvent('download')
  await page.click(button)
  return readFileSync(await (await download).path())
}

describe('asking in Chromium', () => {
  it('comes from a file to a chart by one press and Enter, and shows what looks like personal data before', async () => {
    verifies('web.ask')
    await page.waitForSelector('#question')
    // Presses of a person; what the page presses itself is none.
    await page.evaluate(`globalThis.presses = []
      addEventListener('pointerdown', (event) => event.isTrusted && presses.push('pointer'), true)
      addEventListener('keydown', (event) => event.isTrusted && event.key === 'Enter' && presses.push('Enter'), true)`)
    // The press on the button opens the chooser; the file is what is chosen there.
    const chooser = page.waitForEvent('filechooser')
    await page.click('text=Choose a file')
    await (await chooser).setFiles(sales)
    await page.waitForSelector('.file-preview .data-table-cell')
    expect(await page.textContent('.file-preview summary')).toMatch(
      /sales\.csv.*2 rows · 3 columns.*1 with personal data/,
    )
    expect(await page.textContent('.file-preview .data-table-note')).toBe('e-mail')
    expect(await seriousFaults(page)).toEqual([])
    await ask('Make a chart of sales.csv')
    await page.waitForSelector('.chart-place svg, .made-picture img')
    await page.hover('.chart-place svg .mark-rect path >> nth=0')
    await expect.poll(() => page.getAttribute('.chart-place', 'title')).toMatch(/north|south/)
    // One more is in the window of the system, in which the file is chosen.
    expect(await page.evaluate('presses')).toEqual(['pointer', 'Enter'])
    await page.click('.chart-place svg .mark-rect path >> nth=0')
    expect(await page.inputValue('#question')).toMatch(/^What is behind .* (north|south)\?$/)
    await page.fill('#question', '')
    await page.waitForSelector(answered)
    expect(await page.textContent('.turn-answer')).toContain('All regions together sold 12.')
    expect(await page.getAttribute('.steps', 'open')).toBeNull()
    expect(await page.textContent('.steps summary')).toContain('1 step')
  })

  it('leads from a figure to its cell, and runs a changed statement again', async () => {
    verifies('web.ask-again')
    await page.click('text=New question')
    await page.waitForSelector('.composer:not(:has(.file-preview))')
    await ask('How many orders are there of each status?')
    await page.waitForSelector(answered)
    await page.click('.turn-answer .figure')
    const cell = await page.textContent('.run-table .data-table-cell.marked')
    expect(await page.textContent('.turn-answer .figure')).toBe(Number(cell).toString())
    expect(await page.textContent('.figure-source')).toContain('Row 1, orders')
    await page.click('.steps > summary')
    await page.click('.step summary')
    await page.fill('.step textarea', 'SELECT name, email FROM customers ORDER BY id LIMIT 3')
    await page.click('text=Run changed')
    await page.waitForSelector('.rerun .data-table-cell')
    expect(await page.textContent('.rerun p')).toMatch(/^3 rows · e-mail masked/)
    const download = page.waitForEvent('download')
    await page.click('.rerun >> text=Download CSV')
    expect((await download).suggestedFilename()).toBe('rows.csv')
    await page.click('.rerun >> text=Ask about this result')
    expect(await page.inputValue('#question')).toMatch(/^Look at what this statement gives: SELECT name, email/)
    await page.fill('#question', '')
    await page.fill('.step textarea', "SELECT repeat('long ', 40) AS words")
    await page.click('text=Run changed')
    await page.click('.rerun .data-table-cell >> text=long')
    expect(await page.textContent('.rerun .data-table-whole')).toContain('long '.repeat(40))
    await page.fill('.step textarea', 'DROP TABLE customers')
    await page.click('text=Run changed')
    expect(await page.textContent('.step .notice')).toContain('sql/not-select')
  })

  it.each(['light', 'dark'] as const)(
    'has nothing serious for axe when it is %s, and no scrolling sideways on a phone',
    async (theme) => {
      await page.emulateMedia({ colorScheme: theme })
      expect(await seriousFaults(page)).toEqual([])
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await sidewaysPixels(page)).toBe(0)
      await page.setViewportSize({ width: 1_280, height: 800 })
    },
  )

  it('ends what runs, and its sandbox, when somebody stops it', async () => {
    verifies('web.stopped')
    await ask('Run an endless program')
    await page.waitForSelector('.turn:last-child .step-running', { state: 'attached' })
    const { body } = await told('GET', '/v1/containers?order=desc')
    const [container] = (body as { readonly data: readonly { readonly id: string }[] }).data
    await page.click('text=Stop')
    await page.waitForSelector('text=The sandbox has ended')
    // Said once, and the question can be asked again.
    expect(await page.locator('.turn:last-child .notice').count()).toBe(0)
    expect(await page.textContent('.turn:last-child')).toContain('Ask again')
    expect((await told('GET', `/v1/containers/${container?.id ?? ''}`)).status).toBe(404)
    // The conversation goes on, in another sandbox.
    await ask('And how many orders of each status?')
    // Nothing further is asked before the answer is whole.
    await page.waitForSelector('.turn:nth-child(3) .turn-foot')
  })

  it('says why something was hidden, and takes an objection', async () => {
    verifies('web.hidden')
    await ask('How do we reach our customers?')
    await page.waitForSelector(answered)
    expect(await page.textContent('.turn:last-child .run-table summary')).toContain('4 rows · email masked')
    await page.click('.turn:last-child >> text=Why was this hidden?')
    expect(await page.textContent('dialog[open]')).toContain('filter/pii-email')
    expect(await seriousFaults(page)).toEqual([])
    await page.click('dialog[open] >> text=I need what was hidden')
    await page.click('dialog[open] >> text=Object >> nth=-1')
    await page.waitForSelector('dialog[open] >> text=taken as an opinion about the answer')
    await page.keyboard.press('Escape')
  })

  it('asks a person before a call, and goes on as they decide: allowed, changed, refused', async () => {
    verifies('web.approvals')
    const waiting = async (): Promise<void> => {
      await ask('Which reviews are there?')
      await page.waitForSelector('.turn:last-child .approval .button-primary')
    }
    const table = '.turn:last-child .run-table [role=gridcell]'
    await waiting()
    expect(await page.textContent('.approval')).toContain('Reviews are in the words of customers.')
    expect(await page.inputValue('.approval textarea')).toContain('FROM public.reviews')
    expect(await seriousFaults(page)).toEqual([])
    await page.click('text=Allow once')
    await page.waitForSelector(answered)
    await expect.poll(() => page.locator(table).count()).toBe(10)
    await waiting()
    await page.fill('.approval textarea', 'SELECT 7 AS lucky, count(*) AS orders FROM orders')
    await page.click('text=Run the changed text instead')
    await page.waitForSelector(answered)
    await expect.poll(() => page.locator(table).first().textContent()).toBe('7')
    await waiting()
    await page.click('.approval >> text=Refuse')
    await page.waitForSelector(answered)
    expect(await page.locator(table).count()).toBe(0)
    expect(await page.textContent('.turn:last-child .steps summary')).toContain('1 not done')
  })

  it('takes thumbs, and what is said by those that are down is in the queue of operators', async () => {
    verifies('web.thumbs')
    await page.click('.turn:nth-last-child(2) >> [aria-label="Good answer"]')
    await page.waitForSelector('.turn:nth-last-child(2) >> text=Thank you.')
    await page.click('.turn:last-child >> [aria-label="Bad answer"]')
    await page.click('dialog[open] >> text=Something harmless was held back')
    await page.fill('dialog[open] textarea', 'They are public.')
    expect(await seriousFaults(page)).toEqual([])
    await page.click('dialog[open] >> text=Send')
    await page.waitForSelector('.turn:last-child >> text=will look at it')
    const queue = new URL('/admin/v1/tuning/queue?kind=thumb', app.addresses.operators)
    const answer = await fetch(queue, { headers: { authorization: `Bearer ${app.keys.operators}` } })
    const { data } = (await answer.json()) as {
      data: readonly { readonly complaint: Readonly<Record<string, unknown>> }[]
    }
    expect(data.map(({ complaint: { kind, verdict, reason } }) => ({ kind, verdict, reason }))).toContainEqual({
      kind: 'thumb',
      verdict: 'down',
      reason: 'harmless',
    })
  })

  it('is taken along: its tables as CSV and Parquet, the conversation as a notebook, Markdown and HTML', async () => {
    verifies('web.taken-along')
    const table = `${allowedTurn} >> .run-table`
    const rows = await page.locator(`${table} >> [role=gridcell]`).allTextContents()
    const csv = await saved(`${table} >> text=Download CSV`)
    expect(csv.toString().trim().split(/\r?\n/).slice(1).join().split(',')).toEqual(rows)
    // The service reads what it has written: types, rows and values.
    const form = new FormData()
    form.set('purpose', 'user_data')
    form.set('file', new File([await saved(`${table} >> text=Download Parquet`)], 'reviews.parquet'))
    const { body: file } = await told('POST', '/v1/files', form)
    const { body: preview } = await told('GET', `/v1/files/${(file as { readonly id: string }).id}/preview`)
    const read = (preview as { readonly first_rows: readonly unknown[][] }).first_rows.flat()
    expect(preview).toMatchObject({ rows: 5, columns: [{ name: 'rating' }, { name: 'reviews' }] })
    expect(read).toEqual(rows.slice(0, 6))
    const notebook = JSON.parse((await saved('[aria-label="Export as Notebook"]')).toString()) as {
      readonly nbformat: number
      readonly cells: readonly { readonly source: string | readonly string[] }[]
    }
    expect(notebook.nbformat).toBe(4)
    expect(JSON.stringify(notebook.cells)).toContain('Which reviews are there?')
    expect((await saved('[aria-label="Export as Markdown"]')).toString()).toContain('Which reviews are there?')
    const html = (await saved('[aria-label="Export as HTML"]')).toString()
    expect(html).toMatch(/^<!doctype html>/i)
    expect(html).toContain('Which reviews are there?')
  })

  it('has the times of its steps when it is opened again', async () => {
    await page.reload()
    await page.waitForSelector(answered)
    await page.click(`${allowedTurn} >> .steps > summary`)
    expect(await page.textContent(`${allowedTurn} >> .step summary`)).toMatch(/\d ms|\d s/)
    expect(await page.locator(`${allowedTurn} >> .time-bar`).count()).toBe(1)
  })

  it('shows a page that a program made in a frame in which nothing runs and nothing is loaded', async () => {
    verifies('web.made-pages')
    await ask('Write a report as a page')
    await page.waitForSelector('.made-file')
    await page.click('text=Look at it')
    const frame = await (await page.waitForSelector('.html-frame')).contentFrame()
    await frame?.waitForSelector('#seen')
    expect(await frame?.textContent('#run')).toBe('still')
    expect(await page.getAttribute('.html-frame', 'sandbox')).toBe('')
    await page.click('text=Hide')
  })

  it('is used with the keyboard alone: a question, a figure, its cell', async () => {
    verifies('web.ask-keyboard')
    await page.goto(`${app.addresses.service}#/ask`)
    await page.waitForSelector('text=What do you want to know?')
    const tabTo = async (selector: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        if ((await page.locator(`${selector}:focus`).count()) > 0) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`Tab does not come to ${selector}.`)
    }
    await tabTo('#question')
    await page.keyboard.type('How many orders are there of each status?')
    await page.keyboard.press('Enter')
    await page.waitForSelector(answered)
    await tabTo('.figure')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.run-table .data-table-cell.marked')
    // The table has the focus, so that arrows go on from the cell.
    expect(await page.locator('.run-table [role="grid"]:focus').count()).toBe(1)
    await page.keyboard.press('Enter')
    expect(await page.inputValue('#question')).toMatch(/^What is behind orders \d+\?$/)
  })

  it('finds, renames and deletes a conversation, and its sandbox with it', async () => {
    await page.fill('input[type="search"]', 'most frequent status')
    await page.waitForSelector('.conversation-match mark')
    await page.fill('input[type="search"]', '')
    await page.click('.conversation-row.current >> text=Rename')
    await page.fill('dialog[open] input', 'Orders by status')
    await page.click('dialog[open] >> text=Rename >> nth=-1')
    await page.waitForSelector('.conversation-row.current >> text=Orders by status')
    const { body } = await told('GET', '/v1/containers?order=desc')
    const [container] = (body as { readonly data: readonly { readonly id: string }[] }).data
    await page.click('.conversation-row.current >> text=Delete')
    await page.click('text=Delete for good')
    await page.waitForSelector('text=What do you want to know?')
    await expect.poll(() => page.locator('text=Orders by status').count()).toBe(0)
    await expect.poll(async () => (await told('GET', `/v1/containers/${container?.id ?? ''}`)).status).toBe(404)
  })

  it('has asked nobody but its own origin, and its policy refused nothing', () => {
    const elsewhere = watched.requests.filter(({ url }) => !url.startsWith(new URL(app.addresses.service).origin))
    expect(elsewhere.filter(({ url }) => !/^(?:blob|data):/.test(url))).toEqual([])
    // Answers of 400 (a statement that the gate refused) and 404 (a decision that is not recorded) are written to the console by the browser.
    expect(watched.faults.filter((fault) => !/status of 40[04]/.test(fault))).toEqual([])
  })
})
