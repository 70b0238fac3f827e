import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { visibleText } from '../../../src/web/components/visible-text.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openBrowser, type OpenedBrowser } from '../../support/web/browser.ts'
import { charts, longAnswers, markdown, markup, pages } from '../../support/web/hostile-content.ts'
import {
  armed,
  columnNames,
  fileNames,
  hostileTexts,
  startElsewhere,
  startHostileAnalyst,
} from '../../support/web/hostile-scenario.ts'
import { faultsOfSaved, idleWithoutGuard, missingTexts, openWatched, postTo } from '../../support/web/hostile-page.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'
import { askedByNetLog } from '../../support/web/watch-hostile.ts'
import { verifies } from '../../support/verifies.ts'

const netLog = join(temporaryFolder('web-'), 'net.json')
let elsewhere: Awaited<ReturnType<typeof startElsewhere>>
let model: Awaited<ReturnType<typeof startHostileAnalyst>>
let app: ServedApp
let browser: OpenedBrowser
let texts: ReturnType<typeof hostileTexts>
beforeAll(async () => {
  elsewhere = await startElsewhere()
  texts = hostileTexts(elsewhere.address)
  model = await startHostileAnalyst(elsewhere.address)
  ;[app, browser] = await Promise.all([serveApp(model.environment), openBrowser({ netLog })])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
  await elsewhere?.[Symbol.asyncDispose]()
})

const arm = (text: string): string => armed(text, elsewhere.address)
const open = (listener: 'service' | 'operators', place: string) => openWatched({ app, browser }, listener, place)
const post = <T>(path: string, body: object, listener: 'service' | 'operators' = 'service') =>
  postTo<T>(app, listener, path, body)
const shown = (): string[] => texts.all.map((each) => each.shown)
let conversation = ''

describe('hostile content', () => {
  it('does run and ask elsewhere on a page that has no guard', async () => {
    await using watched = await browser.newPage()
    const idle = await idleWithoutGuard(watched.page, elsewhere)
    expect(idle).toEqual([])
  })

  it('is text in an answer, its steps, tables, charts, files and frames', async () => {
    verifies('web.hostile')
    await using watched = await open('service', '#/ask')
    const { page, watch } = watched
    await page.fill('#question', 'How many orders are there?')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.turn:last-child .turn-foot')
    conversation = new URL(page.url()).hash.split('/')[2] ?? ''
    expect(
      await missingTexts(page, '.turn-answer', [
        ...markdown.map((each) => arm(each.shown)),
        ...texts.inMarkdown.map((text) => `k ${text}`),
        ...texts.inWords.map((each) => each.shown),
      ]),
    ).toEqual([])
    const links = await page
      .locator('.turn-answer a')
      .evaluateAll((found) => found.map((link) => link.getAttribute('href')))
    // Those of the service itself lead to the files that were made.
    const others = links.filter((link) => link?.startsWith(new URL(app.addresses.service).origin) === false)
    expect(others).toEqual(markdown.flatMap((each) => (each.links ?? []).map(arm)))
    await page.click('.steps > summary')
    for (const summary of await page.locator('.step > summary').all()) await summary.click()
    expect(await missingTexts(page, '.step-output', texts.printed)).toEqual([])
    expect(
      await missingTexts(page, '.run-table [role=grid]', [...columnNames.map(visibleText), ...texts.printed]),
    ).toEqual([])
    expect(
      await missingTexts(page, '.made-files', [...fileNames.map(visibleText), ...pages.map(({ name }) => name)]),
    ).toEqual([])
    await page.waitForSelector('.run-chart svg')
    expect(
      await missingTexts(
        page,
        '.run-chart svg',
        charts.flatMap(({ words }) => words.map(arm)),
      ),
    ).toEqual([])
    // Of the others each is named with the reason.
    const refused = charts.filter(({ words }) => words.length === 0).length
    expect(await page.getByText(/^Chart \d+ is not drawn: /).count()).toBe(refused)
    const framed = pages.filter(({ name }) => name.endsWith('.html')).length
    for (let at = 0; at < framed; at += 1) {
      await page.getByText('Look at it').first().click()
      await page.locator('.html-frame').nth(at).waitFor()
    }
    expect(await page.locator('.html-frame').count()).toBe(framed)
    for (let at = 0; at < framed; at += 1) await page.frameLocator('.html-frame').nth(at).locator('#seen').waitFor()
    expect(await watch.look()).toEqual([])
  })

  it('is text in a conversation that was saved as a page, which runs nothing and asks for nothing', async () => {
    verifies('web.exported-page')
    await using watched = await open('service', `#/ask/${conversation}`)
    const download = watched.page.waitForEvent('download')
    await watched.page.click('[aria-label="Export as HTML"]')
    const file = join(temporaryFolder('web-'), 'conversation.html')
    await (await download).saveAs(file)
    const wanted = [...texts.inMarkdown.map((text) => `k ${text}`), ...markup.map(({ text }) => arm(text))]
    expect(await faultsOfSaved(browser, file, wanted)).toEqual([])
    const bare = join(temporaryFolder('web-'), 'bare.html')
    writeFileSync(bare, arm('<img src="data:," onerror="RUN">'))
    expect((await faultsOfSaved(browser, bare, [])).join()).toMatch(/a script ran in .*element IMG/)
    expect(await watched.watch.look()).toEqual([])
  })

  it('is text in a call that waits for the person who asked', async () => {
    await using watched = await open('service', '#/ask')
    const { page, watch } = watched
    await page.fill('#question', 'Which addresses do our customers have?')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.approval textarea')
    expect(await missingTexts(page, '.approval', [arm(markup[0]?.text ?? '')])).toEqual([])
    const text = await page.inputValue('.approval textarea')
    expect(markup.filter((each) => !text.includes(arm(each.text).replaceAll("'", "''")))).toEqual([])
    expect(await watch.look()).toEqual([])
    await page.click('text=Stop')
    await page.waitForSelector('.turn:last-child .turn-foot')
    for (const summary of await page.locator('.steps > summary, .step > summary').all()) await summary.click()
    expect(await watch.look()).toEqual([])
  })

  it('keeps nobody waiting where an answer has a megabyte of it, or is nested without end', async () => {
    verifies('web.long-texts')
    await using watched = await open('service', '#/ask')
    const { page, watch } = watched
    const said = (role: string, text: string) => ({ id: role, type: 'message', role, run: null, content: [{ text }] })
    for (const [told, text] of Object.entries(longAnswers)) {
      const data = [said('user', 'How many?'), said('assistant', arm(text))]
      await page.route('**/v1/conversations/*/items?*', (route) => route.fulfill({ json: { data, has_more: false } }))
      await page.goto(`${app.addresses.service}#/ask`)
      await page.goto(`${app.addresses.service}#/ask/${conversation}`)
      await page.locator('.turn-answer').getByText(told).click()
      await page.locator('.turn-answer details pre').waitFor()
      // The page answers.
      await page.fill('#question', 'And then?')
      await page.unrouteAll()
    }
    expect(await watch.look()).toEqual([])
  })

  it('is text in a file that is uploaded, its name and its columns', async () => {
    await using watched = await open('service', '#/ask')
    const { page, watch } = watched
    const line = texts.all.map(({ text }) => `"${text.replaceAll('"', '""')}"`).join(',')
    const name = '<img src=x onerror=alert(1)>.csv'
    const buffer = Buffer.from(`${line}\n${line}\n`)
    await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer })
    await page.waitForSelector('.file-preview .data-table-cell')
    expect(await missingTexts(page, '.file-preview summary', [name])).toEqual([])
    // Of names the service itself takes what nobody sees.
    const headers = texts.all.filter((each) => each.text === each.shown).map((each) => each.shown)
    expect(await missingTexts(page, '.file-preview [role=columnheader]', headers)).toEqual([])
    // A preview has the beginning of a value.
    const cells = markup.map((each) => arm(each.text).slice(0, 50))
    expect(await missingTexts(page, '.file-preview [role=gridcell]', cells)).toEqual([])
    expect(await watch.look()).toEqual([])
  })

  it('is text in a title, a list and a share that a stranger opens', async () => {
    const title = `${arm(markup[0]?.text ?? '')} gpj\u202Eexe`
    await using watched = await open('service', `#/ask/${conversation}`)
    const { page, watch } = watched
    await page.click('.conversation-row.current >> text=Rename')
    await page.fill('dialog[open] input', title)
    await page.click('dialog[open] >> text=Rename >> nth=-1')
    await page.waitForSelector('dialog[open]', { state: 'detached' })
    expect(await missingTexts(page, '.conversation-row', [visibleText(title)])).toEqual([])
    expect(await watch.look()).toEqual([])

    const made = await post<{ readonly id: string; readonly secret: string }>('/v1/shares', {
      conversation,
      audience: 'link',
    })
    await using stranger = await open('service', `#/share/${made.id}?secret=${made.secret}`)
    await stranger.page.locator('.shared-parts .shared-assistant').last().waitFor()
    expect(
      await missingTexts(stranger.page, '.shared', [...texts.inMarkdown.map((text) => `k ${text}`), ...texts.printed]),
    ).toEqual([])
    expect(await stranger.watch.look()).toEqual([])
  })

  it('is text in errors, and in addresses of the app', async () => {
    await using watched = await open('service', '#/ask')
    const { page, watch } = watched
    const said = shown().join(' ')
    await page.route('**/v1/conversations?*', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/problem+json',
        headers: { 'x-request-id': arm(markup[0]?.text ?? '') },
        body: JSON.stringify({
          code: said,
          title: said,
          detail: texts.all.map(({ text }) => text).join(' '),
          message: said,
          advice: said,
        }),
      }),
    )
    await page.reload()
    await page.locator('.notice').first().waitFor()
    expect(await missingTexts(page, '.notice', shown())).toEqual([])
    const places = ['ask', 'sessions', 'share', 'sign-in', ''].flatMap((place) =>
      markup.slice(0, 2).map(({ text }) => [place, encodeURIComponent(arm(text))].join('/')),
    )
    for (const place of [...places, `sign-in?request=${encodeURIComponent(said)}`, 'ask/javascript:alert(1)']) {
      await page.goto(`${app.addresses.service}#/${place}`)
      await page.locator('h1, .notice, .empty').first().waitFor()
      expect(await watch.look()).toEqual([])
    }
  })

  it('is text on the pages of operators: names of keys, what waits for a person, what callers say', async () => {
    const name = arm('<img src="data:," onerror="RUN">').slice(0, 100)
    await post('/admin/v1/keys', { name }, 'operators')
    const comment = markup
      .slice(0, 12)
      .map(({ text }) => arm(text))
      .join(' ')
      .slice(0, 2_000)
    const answer = await fetch(`${app.service.url}/v1/conversations/${conversation}/items?limit=100`, {
      headers: { authorization: `Bearer ${app.keys.service}` },
    })
    const { data } = (await answer.json()) as {
      readonly data: readonly { readonly id: string; readonly type: string; readonly role?: string }[]
    }
    const about = data.find(({ role }) => role === 'assistant')?.id
    const opinion = await post<{ readonly id: string }>('/v1/feedback', {
      about,
      verdict: 'down',
      reason: 'wrong',
      comment,
    })
    const waiting = await post<{ readonly approval?: { readonly id: string } }>('/v1/chat/completions', {
      model: 'analyst',
      messages: [{ role: 'user', content: 'Which addresses do our customers have?' }],
    })
    await using watched = await open('operators', '#/operate/keys')
    const { page, watch } = watched
    const seen = async (place: string, selector: string, wanted: readonly string[]) => {
      await page.goto(`${app.addresses.operators}#/operate/${place}`)
      await page.locator('.panel[aria-busy=false]').waitFor()
      const comments = page.getByRole('button', { name: 'Show the comment and the masked text' })
      if (place.startsWith('feedback')) await comments.click()
      await page.locator(selector).first().waitFor()
      return [...(await missingTexts(page, selector, wanted)), ...(await watch.look())]
    }
    expect(await seen('keys', '[role=table], table', [name])).toEqual([])
    expect(await seen(`feedback/${opinion.id}`, '.quoted-text', [comment])).toEqual([])
    const reason = arm(markup[0]?.text ?? '')
    expect(await seen(`approvals/${waiting.approval?.id}`, '.panel', [reason])).toEqual([])
    await page.locator('textarea').first().waitFor()
    const text = await page.locator('textarea').first().inputValue()
    expect(markup.filter((each) => !text.includes(arm(each.text).replaceAll("'", "''")))).toEqual([])
    expect(await seen('approvals', 'table', [])).toEqual([])
    expect(await seen('audit?event=admin-change', 'table', [])).toEqual([])
  })

  it('has brought no request to another origin, by the log that the browser keeps of its network', async () => {
    verifies('web.hostile')
    await browser[Symbol.asyncDispose]()
    const urls = askedByNetLog(netLog)
    const home = Object.values(app.addresses).map((address) => new URL(address).origin)
    const control = (url: string): boolean =>
      /^\/(?:control|bare)\/|^\/favicon\.ico$/.test(new URL(url, home[0]).pathname)
    const web = urls.filter((url) => /^(?:https?|wss?):/.test(url) && !home.includes(new URL(url).origin))
    expect(web.filter(control).length).toBeGreaterThan(10)
    expect(web.filter((url) => !control(url))).toEqual([])
    expect(elsewhere.asked.filter((url) => !control(url))).toEqual([])
  })
})
