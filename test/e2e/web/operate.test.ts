import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sections } from '../../../src/web/pages/operate/sections.ts'
import { verifies } from '../../support/verifies.ts'
import { seriousFaults, sidewaysPixels } from '../../support/web/accessibility.ts'
import { press, reach } from '../../support/web/by-keyboard.ts'
import { everythingIn, OperatedApp, read, row, whyItWaits, withKeys } from '../../support/web/operated-app.ts'
import { watchPage } from '../../support/web/watch-hostile.ts'

let operated: OperatedApp
beforeAll(async () => {
  operated = await OperatedApp.start()
})
afterAll(() => operated?.[Symbol.asyncDispose]())

const hostileName = '<img src="data:," onerror="document.documentElement.dataset.ran=1"> gpj\u202Eexe'
const hostileShown = hostileName.replace('\u202E', '⟨U+202E⟩')

/** Does the page let the tab be left without a question? */
const mayLeave = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>("dispatchEvent(new Event('beforeunload', { cancelable: true }))")

/** Goes to each page as a browser of such a kind shows it: the titles, and what is wrong with any of them. */
async function lookThrough(options: { readonly theme: 'light' | 'dark'; readonly width?: number }) {
  await using watched = await operated.open('overview', options)
  const { page } = watched
  const [seen, faults]: [string[], string[]] = [[], []]
  for (const { name, title } of sections) {
    await page.getByRole('link', { name: title, exact: true }).first().click()
    await read(page, title)
    seen.push(await page.title())
    faults.push(...(await seriousFaults(page)).map((fault) => `${name}, ${options.theme}: ${fault}`))
    if ((await sidewaysPixels(page)) > 0) faults.push(`${name}, ${options.theme}: wider than its window`)
  }
  return { seen, faults: [...faults, ...watched.faults] }
}

describe('the pages for operators', () => {
  it('are free of serious faults of accessibility in both themes, and no wider than a phone', async () => {
    const looks = [{ theme: 'light' }, { theme: 'dark', width: 360 }] as const
    const found = await Promise.all(looks.map((options) => lookThrough(options)))
    const faults = found.flatMap((each) => each.faults)
    const seen = found.flatMap((each) => each.seen)
    expect(faults).toEqual([])
    expect(seen).toEqual([...sections, ...sections].map(({ title }) => `${title} · Sallyport`))
  })

  it('make a key by keyboard alone, show it once, and end it', async () => {
    verifies('web.operate-key-once')
    await using watched = await operated.open('keys')
    const { page } = watched
    await read(page, 'Keys and limits')
    await press(page, page.getByRole('button', { name: 'Create a key' }))
    const dialog = page.getByRole('dialog', { name: 'Create a key' })
    await reach(page, dialog.getByLabel('Name'))
    await page.keyboard.press('Enter')
    await dialog.getByText('A name has 1 to 100 characters.').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.type('Nightly report')
    await page.keyboard.press('Enter')
    const made = page.getByRole('textbox', { name: 'Key', exact: true })
    await made.waitFor()
    const key = await made.inputValue()
    expect(await everythingIn(page)).toContain(key)
    expect([await made.evaluate((element) => element.matches(':focus')), await operated.statusOf(key)]).toEqual([
      true,
      200,
    ])

    // It stays over another page until it is kept.
    await page.getByRole('link', { name: 'Suspensions', exact: true }).click()
    await read(page, 'Suspensions')
    expect([await made.inputValue(), await mayLeave(page)]).toEqual([key, false])
    await page.getByRole('link', { name: 'Keys and limits' }).click()
    await read(page, 'Keys and limits')
    await press(page, page.getByRole('button', { name: 'I have kept it' }))
    await row(page, 'Nightly report').getByText('active').waitFor()
    expect([(await everythingIn(page)).includes(key), await mayLeave(page)]).toEqual([false, true])
    await page.reload()
    await read(page, 'Keys and limits')
    expect(await everythingIn(page)).not.toContain(key)
    await press(page, row(page, 'Nightly report').getByRole('link', { name: 'Limits' }))
    await read(page, 'Limits of a caller')
    expect(await seriousFaults(page)).toEqual([])
    await page.goBack()
    await read(page, 'Keys and limits')

    await press(page, row(page, 'Nightly report').getByRole('button', { name: /^Revoke/ }))
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }))
    await row(page, 'Nightly report').waitFor({ state: 'detached' })
    await expect.poll(() => operated.statusOf(key)).toBe(401)
    expect(watched.faults).toEqual([])
  })

  it('put another key in the place of one that ends at once', async () => {
    const old = await operated.administer<{ readonly key: string }>('keys', { name: hostileName })
    await using watched = await operated.open('keys')
    const { page } = watched
    const watch = await watchPage(watched, new URL(operated.app.addresses.operators).origin)
    await page.reload()
    // What is read aloud says what is seen.
    await page.getByRole('button', { name: `Rotate ${hostileShown}`, exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Rotate this key' })
    await dialog.getByLabel('Hours for which the old one goes on beside it').fill('0')
    await page.keyboard.press('Enter')
    const made = page.getByRole('textbox', { name: 'Key', exact: true })
    await made.waitFor()
    expect([await operated.statusOf(old.key), await operated.statusOf(await made.inputValue())]).toEqual([401, 200])
    expect(await watch.look()).toEqual([])
  })

  it("say that it is one's own key before it is revoked, and afterwards why nobody is signed in", async () => {
    const { key, id } = await operated.administer<{ readonly key: string; readonly id: string }>('keys', {
      name: 'leaving',
      scopes: ['admin'],
    })
    await using watched = await operated.open('keys', { key })
    const { page } = watched
    await row(page, id)
      .getByRole('button', { name: /^Revoke/ })
      .click()
    await page.getByRole('dialog').getByText('It is the key that you are signed in with').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click()
    await page.getByText('Your key was revoked.').waitFor()
    await page.getByLabel('Key with the scope admin').waitFor()
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
  })

  it('decide what waits for a person, with the scope that it wants', async () => {
    const messages = [{ role: 'user', content: 'Who are our ten best customers, and how do we reach them?' }]
    const ask = () => operated.post('/v1/chat/completions', { model: 'analyst', messages })
    const waits = async () => {
      const { approval } = (await (await ask()).json()) as { readonly approval?: { readonly id: string } }
      return approval?.id ?? ''
    }
    const { key } = await operated.administer<{ readonly key: string }>('keys', {
      name: 'approver',
      scopes: ['admin', 'approve'],
    })
    const opened = async (id: string, options: { readonly key?: string }) => {
      const watched = await operated.open('approvals', options)
      await watched.page.locator(`a[href$="${id}"]`).click()
      await watched.page.getByText(whyItWaits).waitFor()
      return watched
    }
    const first = await waits()
    {
      await using watched = await opened(first, {})
      await watched.page.getByRole('button', { name: 'Allow it once' }).click()
      await watched.page.getByRole('alert').getByText('approve').first().waitFor()
    }
    await using watched = await opened(first, { key })
    const { page } = watched
    await page.getByRole('button', { name: 'Allow it once' }).click()
    await page.getByText('It may run once, until its end.').waitFor()
    expect((await ask()).status).toBe(200)
    const second = await waits()
    expect(second).not.toBe(first)
    await using other = await opened(second, { key })
    await other.page.getByRole('button', { name: 'Refuse' }).click()
    await other.page.getByText('It is refused.').waitFor()
    await other.page.locator('.facts').getByText('refused', { exact: true }).waitFor()
    expect([(await ask()).status, other.faults]).toEqual([403, []])
  })

  it('end a share that somebody else made, and its link', async () => {
    verifies('shares.operators')
    const talk = await operated.post('/v1/conversations', { title: hostileName })
    const { id: conversation } = (await talk.json()) as { readonly id: string }
    const made = await operated.post('/v1/shares', { conversation, audience: 'link' })
    const { id, secret } = (await made.json()) as { readonly id: string; readonly secret: string }
    const follow = async () => (await operated.post(`/v1/shares/${id}/open`, { secret })).status
    expect(await follow()).toBe(200)
    await using watched = await operated.open('shares?audience=group')
    const { page } = watched
    const watch = await watchPage(watched, new URL(operated.app.addresses.operators).origin)
    await page.reload()
    await page.getByText('Nothing is shared.').waitFor()
    await page.getByLabel('For whom').selectOption('link')
    await row(page, id).getByRole('button', { name: /^Read/ }).click()
    await row(page, id).getByText('gpj⟨U+202E⟩exe').waitFor()
    expect([await seriousFaults(page), await sidewaysPixels(page), await watch.look()]).toEqual([[], 0, []])
    await row(page, id)
      .getByRole('button', { name: /^Revoke/ })
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke share' }).click()
    await page.getByText('Nothing is shared.').waitFor()
    expect([await follow(), watched.faults]).toEqual([404, []])
  })

  it('show tens of thousands of keys with some hundred rows, and find one of them', async () => {
    verifies('web.operate-long')
    await using watched = await operated.open('overview')
    const { page } = watched
    await withKeys(page, 30_000)
    await page.getByRole('link', { name: 'Keys and limits' }).click()
    await page.getByText('30,000 of 30,000 keys, oldest first').waitFor()
    const rows = page.locator('.record-table-long tbody:not(.record-away) tr')
    await row(page, 'Caller 0').first().waitFor()
    expect(await page.locator('.record-table-long').getAttribute('aria-rowcount')).toBe('30001')
    expect(await rows.count()).toBeLessThan(500)
    await page.locator('.record-table-long tbody').last().scrollIntoViewIfNeeded()
    await row(page, 'Caller 29999').waitFor()
    expect(await row(page, 'Caller 29999').getAttribute('aria-rowindex')).toBe('30001')
    await expect.poll(() => row(page, 'Caller 0').count()).toBe(0)
    expect(await rows.count()).toBeLessThan(500)
    // What a table with rows that are not made has beside others.
    const changed = ['aria-allowed-attr', 'aria-hidden-focus', 'scrollable-region-focusable', 'th-has-data-cells']
    expect([await seriousFaults(page, changed), await sidewaysPixels(page)]).toEqual([[], 0])
    await page.getByRole('searchbox').fill('caller 1234')
    await page.getByText('11 of 30,000 keys, oldest first').waitFor()
    expect(await page.locator('.record-table tbody').first().locator('tr').count()).toBe(11)
  })

  it('keep a caller out and let them in again', async () => {
    await using watched = await operated.open('keys')
    const { page } = watched
    await read(page, 'Keys and limits')
    const caller = await row(page, 'all but approve and admin').first().locator('code').textContent()
    await page.getByRole('link', { name: 'Suspensions', exact: true }).click()
    await read(page, 'Suspensions')
    await page.getByRole('button', { name: 'Suspend a caller' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Caller', { exact: true }).fill(caller ?? '')
    await dialog.getByLabel('Note').fill(hostileName)
    // Text that is marked with the pointer let go beside the dialog, a miss, and a look at another page lose nothing.
    await dialog.getByLabel('Note').hover()
    await page.mouse.down()
    await page.mouse.move(2, 2)
    await page.mouse.up()
    await page.mouse.click(2, 2)
    expect(await dialog.getByLabel('Note').inputValue()).toBe(hostileName)
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Policy', exact: true }).click()
    await read(page, 'Policy')
    await page.getByRole('link', { name: 'Suspensions', exact: true }).click()
    await read(page, 'Suspensions')
    await page.getByRole('button', { name: 'Suspend a caller' }).click()
    expect(await dialog.getByLabel('Note').inputValue()).toBe(hostileName)
    await dialog.getByRole('button', { name: 'Suspend' }).click()
    await row(page, caller ?? '')
      .getByText('in force')
      .waitFor()
    await row(page, caller ?? '')
      .getByText(hostileShown)
      .waitFor()
    await expect.poll(() => operated.statusOf(operated.app.keys.service)).toBe(403)
    await page.getByRole('button', { name: /^Lift/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Lift suspension' }).click()
    await page.getByText('Nobody is kept out.').waitFor()
    await expect.poll(() => operated.statusOf(operated.app.keys.service)).toBe(200)
  })

  it('find on the trail what was done on them, and follow its chain', async () => {
    verifies('web.operate-on-trail')
    await using watched = await operated.open('audit?event=admin-change')
    const { page } = watched
    await page.getByRole('row').filter({ hasText: 'keys.create' }).first().waitFor()
    // Newest first, and no column is beyond the page.
    const numbers = await page.locator('tbody td:first-child').allTextContents()
    const number = (text: string): number => Number(text.replaceAll(',', ''))
    expect(numbers).toEqual(numbers.toSorted((one, other) => number(other) - number(one)))
    const beyond = await page.locator('.record-scroll').evaluate((table) => table.scrollWidth - table.clientWidth)
    expect(beyond).toBe(0)
    await page.getByRole('button', { name: 'admin-change' }).first().click()
    await page.getByRole('dialog').getByText('"event": "admin-change"').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Is the chain whole?').click()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('The chain is whole').waitFor()
    expect(watched.faults).toEqual([])
  })

  it('ask the rules in force a question, and where a request would go', async () => {
    await using watched = await operated.open('policy')
    const { page } = watched
    await read(page, 'Policy')
    await page.getByRole('button', { name: 'Ask the rules' }).click()
    await page.getByText('Rules that had a say').waitFor()
    await page.getByLabel('The input of the question').fill('{"channel": 7}')
    await page.getByRole('button', { name: 'Ask the rules' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByRole('link', { name: 'Models and routes' }).click()
    await page.getByLabel('The body of the request').press('Control+Enter')
    await page.getByText('Asked in this order').waitFor()
    // The refused question is told to the console by the browser, and is all that is.
    expect(watched.faults.filter((fault) => !fault.includes('400'))).toEqual([])
  })

  it('end the sandbox of a session, and hand out none while they are drained', async () => {
    await using watched = await operated.open('sandboxes')
    const { page } = watched
    const { id: session } = (await (await operated.post('/v1/sessions', {})).json()) as { readonly id: string }
    const python = { language: 'python', code: 'x = 1', session }
    expect((await operated.post('/v1/execute', python)).status).toBe(200)
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('gVisor: proven').waitFor()
    const held = row(page, 'held, nothing runs')
    const sandbox = await held.locator('code').textContent()
    // What can be done with it is in sight on a phone as well.
    await page.setViewportSize({ width: 360, height: 740 })
    const end = held.getByRole('button', { name: /^End/ })
    expect(await end.evaluate((element) => element.getBoundingClientRect().right)).toBeLessThanOrEqual(360)
    await end.click()
    await page.getByRole('dialog').getByRole('button', { name: 'End sandbox' }).click()
    await row(page, sandbox ?? '').waitFor({ state: 'detached' })
    const after = (await (await operated.post('/v1/execute', python)).json()) as { readonly renewed: string | null }
    expect(after.renewed).toContain('was lost')

    await page.getByRole('button', { name: 'Drain' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click()
    await page.getByText('No sandbox is handed out.').waitFor()
    expect((await operated.post('/v1/execute', { language: 'python', code: 'print(1)' })).status).toBe(503)
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Drain' }).waitFor()
    await page.getByRole('link', { name: 'Data sources' }).click()
    await read(page, 'Data sources')
    await page
      .getByRole('button', { name: /^Ask now/ })
      .first()
      .click()
    await page.getByText('usable', { exact: true }).first().waitFor()
  })

  it('ask nobody but the service that they came from', async () => {
    await using watched = await operated.open('overview')
    await read(watched.page, 'Overview')
    const origin = new URL(operated.app.addresses.operators).origin
    expect(watched.requests.map(({ url }) => new URL(url).origin).filter((each) => each !== origin)).toEqual([])
  })
})
