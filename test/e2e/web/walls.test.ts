import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureWebApp, WEB_APP } from '../../../setup/web-app.mjs'
import { startWebListeners, type WebListeners } from '../../support/http/web-listeners.ts'
import { openBrowser, type OpenedBrowser } from '../../support/web/browser.ts'
import { startElsewhere } from '../../support/web/hostile-scenario.ts'
import {
  frameAncestorsAlone,
  markedForms,
  marksOf,
  takeAway,
  trustedTypesAlone,
  withoutTrustedTypes,
  type Walls,
} from '../../support/web/walls.ts'
import { verifies } from '../../support/verifies.ts'

/** Both listeners as they are served, with the app as it is built; what a conversation holds is answered in their place. */
let web: WebListeners
let elsewhere: Awaited<ReturnType<typeof startElsewhere>>
let browser: OpenedBrowser
let forms: readonly string[]
beforeAll(async () => {
  await ensureWebApp()
  elsewhere = await startElsewhere()
  ;[web, browser] = await Promise.all([startWebListeners({ folder: WEB_APP }), openBrowser()])
  forms = markedForms(elsewhere.address)
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await web?.[Symbol.asyncDispose]()
  await elsewhere?.[Symbol.asyncDispose]()
})

const list = (data: readonly object[]) => ({ object: 'list', data, first_id: null, last_id: null, has_more: false })

/** A conversation whose answer is all forms, and a page that has them, too. */
function answerFor(path: string): object | string | null {
  if (path.endsWith('/items')) {
    const message = (id: string, role: string, text: string, beside = {}) => ({
      id,
      type: 'message',
      status: 'completed',
      role,
      content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }],
      run: 'run_1',
      ...beside,
    })
    return list([
      message('msg_1', 'user', 'What is there?'),
      message('msg_2', 'assistant', 'page.html (text/html, 9 bytes)', { file_id: 'file_1' }),
      message('msg_3', 'assistant', forms.join('\n\n')),
    ])
  }
  if (path === '/v1/files/file_1/content') return `<p id="seen">page</p>${forms.join('\n')}`
  if (path === '/v1/conversations/conv_1') {
    return { id: 'conv_1', object: 'conversation', created_at: 1, metadata: {}, title: 'Walls', used_at: 1 }
  }
  return /^\/v1\/(?:conversations|files|sources|approvals|containers)$/.test(path) ? list([]) : null
}

/** The conversation in a browser that somebody is signed in by, without the walls that are gone. */
async function openConversation(walls: Walls) {
  // An animation that tells a script of its beginning is one of the forms.
  const watched = await browser.newPage({ reducedMotion: false })
  const { page, context } = watched
  const address = `${web.urlOf('service')}/app/`
  await page.route(`${web.urlOf('service')}/v1/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    const answer = pathname.startsWith('/v1/web/') ? undefined : answerFor(pathname)
    if (answer === undefined) await route.continue()
    else if (answer === null) await route.fulfill({ status: 404, contentType: 'application/json', body: '{}' })
    else if (typeof answer === 'string') await route.fulfill({ contentType: 'text/html', body: answer })
    else await route.fulfill({ contentType: 'application/json', body: JSON.stringify(answer) })
  })
  await takeAway(page, address, walls)
  const [name = '', value = ''] = (await web.signIn('service', { link: await linkOf('service') })).split('=')
  await context.addCookies([{ name, value, url: web.urlOf('service'), sameSite: 'Strict', httpOnly: true }])
  await page.goto(`${address}#/ask/conv_1`)
  await page.locator('.turn-answer').waitFor()
  return watched
}

const linkOf = async (listener: 'service' | 'operators'): Promise<string> =>
  (await web.signIns.makeLink(listener)).secret.reveal()

/** Which forms have run in a document, and which have come to the other origin since `from`. */
async function actsOf(page: Page, { from, frame = null }: { readonly from: number; readonly frame?: string | null }) {
  const root = frame === null ? page.locator('html') : page.frameLocator(frame).locator('html')
  const look = async () => ({
    ran: marksOf(await root.evaluate((element) => Object.keys((element as unknown as WithData).dataset))),
    asked: [...new Set(elsewhere.asked.slice(from).flatMap((url) => /wall-(\d+)/.exec(url)?.[1] ?? []))].map(Number),
  })
  // What runs and asks does it at once; a little later than that nothing more comes.
  let before = await look()
  for (let turn = 0; turn < 20; turn += 1) {
    await page.waitForTimeout(100)
    const now = await look()
    if (turn > 3 && JSON.stringify(now) === JSON.stringify(before)) break
    before = now
  }
  return before
}

/** An element, as far as marks go. */
interface WithData {
  readonly dataset: Readonly<Record<string, string>>
}

const nothing = { ran: [], asked: [] }

/** Reads all forms as HTML in the page, as a fault of the app would; gives how many the browser would not read. */
const readAsHtml = (page: Page): Promise<number> =>
  page.evaluate(
    `((forms) => forms.filter((form) => {
      const element = document.createElement('div')
      document.body.append(element)
      try { element.innerHTML = form } catch (thrown) { return thrown instanceof TypeError }
      return false
    }).length)(${JSON.stringify(forms)})`,
  )

describe('without the other walls', () => {
  it('the app shows hostile content as text, where its page has no policy', async () => {
    verifies('web.walls')
    const from = elsewhere.asked.length
    await using watched = await openConversation({ policy: null })
    const shown = await watched.page.locator('.turn-answer').innerText()
    expect(forms.filter((form) => !form.includes('@import') && !shown.includes(form.trim()))).toEqual([])
    expect(await actsOf(watched.page, { from })).toEqual(nothing)
  })

  it('a page that takes text for HTML is lost where it has no policy', async () => {
    const from = elsewhere.asked.length
    await using watched = await openConversation({ policy: null })
    expect(await readAsHtml(watched.page)).toBe(0)
    const { ran, asked } = await actsOf(watched.page, { from })
    const idle = forms.filter((_form, at) => !ran.includes(at) && !asked.includes(at))
    // Browsers run no script that comes so, nor tell SVG that it was loaded.
    expect(idle.filter((form) => !/<script|<svg onload/.test(form))).toEqual([])
  })

  it('its browser refuses to read any text as HTML, where Trusted Types are all of its policy', async () => {
    verifies('web.walls')
    const from = elsewhere.asked.length
    await using watched = await openConversation({ policy: trustedTypesAlone })
    expect(await readAsHtml(watched.page)).toBe(forms.length)
    expect(await actsOf(watched.page, { from })).toEqual(nothing)
  })

  it('its policy lets nothing run and nothing be asked elsewhere of what was read as HTML, without Trusted Types', async () => {
    verifies('web.walls')
    const from = elsewhere.asked.length
    await using watched = await openConversation({ policy: withoutTrustedTypes })
    expect(await readAsHtml(watched.page)).toBe(0)
    expect(await actsOf(watched.page, { from })).toEqual(nothing)
  })
})

describe('a page that a program made', () => {
  /** What it does in its frame. */
  async function inFrame(walls: Walls) {
    const from = elsewhere.asked.length
    await using watched = await openConversation(walls)
    const { page } = watched
    await page.getByText('Look at it').click()
    await page.frameLocator('.html-frame').locator('#seen').waitFor()
    return await actsOf(page, { from, frame: '.html-frame' })
  }

  it('runs and asks elsewhere in a frame without any wall', async () => {
    const { ran, asked } = await inFrame({ policy: null, sandbox: false, framePolicy: false })
    expect(ran.length).toBeGreaterThan(10)
    expect(asked.length).toBeGreaterThan(10)
  })

  it('runs nothing where the frame is sandboxed, and asks nothing where a policy stands before it', async () => {
    verifies('web.walls')
    const sandboxed = await inFrame({ policy: null, framePolicy: false })
    expect(sandboxed.ran).toEqual([])
    // A sandbox is no wall against pictures: that is what the policy is for.
    expect(sandboxed.asked.length).toBeGreaterThan(5)
    expect(await inFrame({ policy: null, sandbox: false })).toEqual(nothing)
  })

  it('does nothing where the policy of the page around it is all that there is', async () => {
    verifies('web.walls')
    expect(await inFrame({ sandbox: false, framePolicy: false })).toEqual(nothing)
  })
})

describe('a page of another origin that frames the app', () => {
  /** What is seen in the frames of another origin's page, each in an element of another name: empty where a browser shows nothing. */
  async function framed(address: string, walls: Walls = {}): Promise<string[]> {
    await using watched = await browser.newPage()
    const { page } = watched
    await takeAway(page, address.replace(/#.*/, ''), walls)
    const around = `${elsewhere.address}/around`
    const body = `<!doctype html><iframe src="${address}"></iframe><embed src="${address}"><object data="${address}"></object>`
    await page.route(around, (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(around, { waitUntil: 'networkidle' })
    const inner = page.frames().filter((frame) => frame !== page.mainFrame())
    const shown = inner.filter((frame) => !frame.url().startsWith('chrome-error:'))
    return await Promise.all(shown.map((frame) => frame.locator('body').innerText()))
  }

  const places = [
    ['service', '/app/'],
    ['service', '/app/#/share/shr_1?secret=x'],
    ['operators', '/app/'],
  ] as const
  it.each(places)('at the %s shows nothing of %s', async (listener, path) => {
    verifies('web.walls')
    expect(await framed(`${web.urlOf(listener)}${path}`)).toEqual([])
  })

  it('is refused by either of two headers alone, and shown where there is neither', async () => {
    verifies('web.walls')
    const address = `${web.urlOf('service')}/app/`
    expect(await framed(address, { policy: null })).toEqual([])
    expect(await framed(address, { policy: frameAncestorsAlone, frameOptions: false })).toEqual([])
    const signIn = expect.stringContaining('Sign in') as string
    expect(await framed(address, { policy: null, frameOptions: false })).toEqual([signIn, signIn, signIn])
  })
})
