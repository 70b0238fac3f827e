import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureWebApp } from '../../../setup/web-app.mjs'
import { amountText } from '../../../src/web/pages/tune/words.ts'
import type { Curves } from '../../../src/web/pages/tune/points.ts'
import { TunedService } from '../../support/feedback/tuned-service.ts'
import { verifies } from '../../support/verifies.ts'
import { seriousFaults, sidewaysPixels } from '../../support/web/accessibility.ts'
import { openBrowser, type OpenedBrowser, type WatchedPage } from '../../support/web/browser.ts'

let service: TunedService
let browser: OpenedBrowser
beforeAll(async () => {
  await ensureWebApp()
  ;[service, browser] = await Promise.all([TunedService.start(), openBrowser()])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await service?.[Symbol.asyncDispose]()
})

const query = 'group=support&direction=outbound&rule=toxicity'
const place = '/support/outbound/toxicity'

/** From 0.35 on those below 0.7 are harmless, so that a threshold of 0.5 blocks some that did nothing wrong. */
const scores = Array.from({ length: 40 }, (_, at) => Number((0.35 + at * 0.015).toFixed(3)))

/** Goes from where the focus is by Tab alone, on or back, as somebody without a mouse does. */
async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  const element = await target.elementHandle()
  for (let presses = 0; presses < 200; presses += 1) {
    const way = await element?.evaluate((sought) => {
      const { activeElement: focused, body } = sought.ownerDocument
      if (focused === null || focused === body) return 'Tab'
      if (focused === sought) return 'there'
      const following = 4
      return (sought.compareDocumentPosition(focused) & following) === 0 ? 'Tab' : 'Shift+Tab'
    })
    if (way === 'there' || way === undefined) return
    await page.keyboard.press(way)
  }
  throw new Error('Tab comes to everything but that.')
}

async function press(page: Page, name: string | RegExp, within: Page | Locator = page): Promise<void> {
  await reach(page, within.getByRole('button', { name }).first())
  await page.keyboard.press('Enter')
}

async function write(page: Page, label: string, text: string, within: Page | Locator = page): Promise<void> {
  await reach(page, within.getByLabel(label, { exact: true }))
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(text)
}

/** Goes to one of the tabs, from any of them. */
async function show(page: Page, tab: string): Promise<void> {
  await reach(page, page.locator('[role=tab][aria-selected=true]'))
  for (let presses = 0; presses < 4; presses += 1) {
    if ((await page.locator('[role=tab][aria-selected=true]').textContent()) === tab) return
    await page.keyboard.press('ArrowRight')
  }
  throw new Error(`There is no tab "${tab}".`)
}

/** A page of somebody who has signed in with the key of an operator. */
async function signedIn(options: Parameters<OpenedBrowser['newPage']>[0] = {}): Promise<WatchedPage> {
  const watched = await browser.newPage(options)
  const { page } = watched
  await page.goto(`${service.operators.url}/app/#/tune${place}`)
  await write(page, 'Key with the scope admin', service.operators.key)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'toxicity', exact: true }).waitFor()
  return watched
}

/** Asks until the service has counted so many requests of a rollout in its stage. */
async function traffic(stage: string): Promise<void> {
  const { rollouts } = await service.admin<{ rollouts: readonly { id: string }[] }>('GET', 'tuning')
  const counted = async () => {
    await service.ask(0.2)
    const { counts } = await service.admin<{ counts: readonly { stage: string; requests: number }[] }>(
      'GET',
      `tuning/rollouts/${rollouts[0]?.id}`,
    )
    return counts.filter((each) => each.stage === stage).reduce((sum, { requests }) => sum + requests, 0)
  }
  await expect.poll(counted, { interval: 200 }).toBeGreaterThanOrEqual(3)
}

interface Drawn {
  readonly data: readonly {
    readonly decision: { readonly id: string; readonly scores: readonly { score: number }[] }
  }[]
}

/** Labels what is drawn, as somebody does who has read all of it. */
async function labelTheRest(): Promise<void> {
  const { data } = await service.admin<Drawn>('GET', `tuning/queue?${query}&kind=audit&limit=60`)
  for (const { decision } of data) {
    const truth = (decision.scores[0]?.score ?? 0) >= 0.7 ? 'harmful' : 'harmless'
    await service.admin('POST', 'tuning/labels', { item: decision.id, rule: 'toxicity', truth, why: 'read' })
  }
}

const figure = (page: Page, name: string): Locator =>
  page
    .getByRole('row', { name: new RegExp(`^${name} `) })
    .getByRole('cell')
    .first()

describe('the page Tune', () => {
  it('takes a threshold from an appeal to a canary and back, by keyboard alone', { retry: 0 }, async () => {
    verifies('web.tune')
    for (const score of scores) await service.ask(score)
    const { decision } = await service.ask(0.6)
    const appeal = await service.appeal(decision, 'It quotes\na letter.')
    await using watched = await signedIn()
    const { page } = watched

    // Nothing is labelled, and no number is made of that.
    await expect.poll(() => figure(page, 'False positives per 1,000 requests').textContent()).toBe('not known')
    await expect.poll(() => figure(page, 'Requests acted on').textContent()).toMatch(/^\d+ %$/)

    // The appeal, its text without the address in it, and a label.
    await show(page, 'Queue and labels')
    await press(page, /^Read/)
    await expect.poll(() => page.locator('pre').textContent()).toContain('A letter with score 0.6')
    expect(await page.content()).not.toContain('maria.schneider')
    await write(page, 'Why', 'a quotation')
    await press(page, 'Harmless')
    await expect.poll(() => service.standing(appeal)).toMatchObject({ state: 'labelled', outcome: 'upheld' })
    await labelTheRest()

    // The slider says what the route says of its point.
    await show(page, 'Curves')
    const slider = page.getByRole('slider')
    await reach(page, slider)
    const { points } = await service.admin<Curves>('GET', `tuning/curves?${query}`)
    const inForce = points.findIndex(({ threshold }) => threshold === 0.5)
    for (let presses = 0; presses < 20; presses += 1) await page.keyboard.press('ArrowRight')
    const moved = points[inForce + 20]
    expect(moved?.threshold).toBe(0.6)
    const told = moved === undefined ? '' : amountText(moved.per_thousand.false_positives)
    expect(told).toMatch(/^\d+ \(\d+–\d+\)$/)
    await expect.poll(() => figure(page, 'False positives per 1,000 requests').textContent()).toBe(told)
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^0\.6: of 1,000 requests \d/)
    expect(await page.getByRole('img', { name: /^ROC, Recall over false-positive rate/ }).count()).toBe(1)

    // A set, and a proposal for the rate of another point than the luckiest.
    await press(page, /^Propose at most/)
    await write(page, 'Name of the set', 'november')
    await press(page, 'Make a version of the labels')
    await page.getByText(/^november@1 has \d+ labels\.$/).waitFor()
    await write(page, 'False positives, at most %', '25')
    await press(page, 'Propose a threshold')
    const proposal = page.getByRole('article', { name: /^Proposal tpr_/ })
    await press(page, 'Replay recorded traffic', proposal)
    await proposal.getByText('Would be let pass').waitFor()
    await press(page, 'Compute it beside the one in force', proposal)
    await write(page, 'Why', 'fewer quotations are blocked', page.getByRole('dialog'))
    await press(page, 'Compute it beside the one in force', page.getByRole('dialog'))

    // Shadow, then a canary, which is looser: whoever lets it decide says that they have looked.
    const rollout = page.getByRole('article', { name: /^Rollout rol_/ })
    await rollout.waitFor()
    await traffic('shadow')
    expect((await service.ask(0.6)).passed).toBe(false)
    await press(page, 'Let it decide for some', rollout)
    const dialog = page.getByRole('dialog')
    const decide = dialog.getByRole('button', { name: 'Let it decide for some' })
    await write(page, 'Share of callers, %', '100', dialog)
    await write(page, 'Why', 'acts as simulated', dialog)
    expect(await decide.isDisabled()).toBe(true)
    await reach(page, dialog.getByRole('checkbox'))
    await page.keyboard.press('Space')
    await press(page, 'Let it decide for some', dialog)
    await rollout.getByText('decides for some callers, 100 % of them').waitFor()
    await expect.poll(async () => (await service.ask(0.6)).passed).toBe(true)
    expect((await service.ask(0.6, 'press')).passed).toBe(false)

    // And back, with who, why and on what data.
    await press(page, 'Roll back', rollout)
    await write(page, 'Why', 'press asks for it back', dialog)
    await press(page, 'Roll back', dialog)
    await rollout.getByRole('cell', { name: 'press asks for it back' }).waitFor()
    await expect.poll(async () => (await service.ask(0.6)).passed).toBe(false)
    const { data } = await service.admin<{
      data: readonly { rollout: { steps: readonly { to: string; why: string }[] } }[]
    }>('GET', `tuning/rollouts?${query}`)
    expect(data.map((each) => each.rollout.steps.map(({ to, why }) => [to, why]))).toEqual([
      [
        ['shadow', 'fewer quotations are blocked'],
        ['canary', 'acts as simulated'],
        ['rolled-back', 'press asks for it back'],
      ],
    ])
    expect(await rollout.getByText('november@1').count()).toBe(1)
    // Before somebody signs in, the page asks who it is.
    expect(watched.faults.filter((fault) => !fault.includes('401'))).toEqual([])
    const { origin } = new URL(service.operators.url)
    expect(watched.requests.filter(({ url }) => new URL(url).origin !== origin && !url.startsWith('data:'))).toEqual([])
  })

  it('has no serious fault that axe knows of in either theme, and is no wider than a phone', async () => {
    verifies('web.tune')
    const found: string[] = []
    await using watched = await signedIn()
    const { page } = watched
    for (const at of ['', ...['curves', 'queue', 'proposals', 'rollouts'].map((tab) => `${place}?tab=${tab}`)]) {
      await page.setViewportSize({ width: 1_280, height: 800 })
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(`${service.operators.url}/app/#/tune${at}`)
      await page.locator('main').locator('table, .empty').first().waitFor()
      found.push(...(await seriousFaults(page)).map((fault) => `${at}, light: ${fault}`))
      await page.setViewportSize({ width: 360, height: 740 })
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.locator('html[data-theme=dark]').waitFor()
      expect(await sidewaysPixels(page)).toBe(0)
      // What a theme and a width change.
      const changed = ['color-contrast', 'scrollable-region-focusable', 'target-size']
      found.push(...(await seriousFaults(page, changed)).map((fault) => `${at}, dark: ${fault}`))
    }
    expect(found).toEqual([])
  })
})
