import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureWebApp } from '../../../setup/web-app.mjs'
import { amountText } from '../../../src/web/pages/tune/words.ts'
import type { Curves } from '../../../src/web/pages/tune/points.ts'
import { TunedService } from '../../support/feedback/tuned-service.ts'
import { verifies } from '../../support/verifies.ts'
import { seriousFaults, sidewaysPixels } from '../../support/web/accessibility.ts'
import { press as pressOn, reach } from '../../support/web/by-keyboard.ts'
import { openBrowser, type OpenedBrowser, type WatchedPage } from '../../support/web/browser.ts'
import { markup } from '../../support/web/hostile-content.ts'
import { askForAll, labelTheRest, proposed, query, traffic, type Rollouts } from '../../support/web/tuned-place.ts'
import { watchPage } from '../../support/web/watch-hostile.ts'

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

const place = '/support/outbound/toxicity'

async function press(page: Page, name: string | RegExp, within: Page | Locator = page): Promise<void> {
  await pressOn(page, within.getByRole('button', { name }).first())
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
async function signedIn(tab = ''): Promise<WatchedPage> {
  const watched = await browser.newPage()
  const { page } = watched
  await page.goto(`${service.operators.url}/app/#/tune${place}${tab}`)
  await write(page, 'Key with the scope admin', service.operators.key)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'toxicity', exact: true }).waitFor()
  return watched
}

const figure = (page: Page, name: string): Locator =>
  page
    .getByRole('row', { name: new RegExp(`^${name} `) })
    .getByRole('cell')
    .first()

describe('the page Tune', () => {
  it('takes a threshold from an appeal to a canary and back, by keyboard alone', { retry: 0 }, async () => {
    verifies('web.tune')
    await askForAll(service)
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
    await labelTheRest(service)

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
    await traffic(service, 'shadow')
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
    const { data } = await service.admin<Rollouts>('GET', `tuning/rollouts?${query}`)
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

  it('goes on from a canary to all callers and back, and stops another canary', async () => {
    verifies('web.tune')
    const [proposal, again] = await proposed(service, 2)
    await service.admin('POST', 'tuning/rollouts', { proposal, why: 'fewer quotations are blocked' })
    await using watched = await signedIn('?tab=rollouts')
    const { page } = watched
    const newest = page.getByRole('article').first()
    const step = async (verb: string, fill: (dialog: Locator) => Promise<void> = async () => {}) => {
      await newest.getByRole('button', { name: verb }).click()
      const dialog = page.getByRole('dialog')
      await fill(dialog)
      await dialog.getByLabel('Why').fill(`because of ${verb}`)
      await dialog.getByRole('button', { name: verb }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    const looked = (dialog: Locator) => dialog.getByRole('checkbox').check()
    const toCanary = async () => {
      await traffic(service, 'shadow')
      await step('Let it decide for some', async (dialog) => {
        await dialog.getByLabel('Share of callers, %').fill('100')
        await looked(dialog)
      })
      await newest.getByText('decides for some callers, 100 % of them').waitFor()
      await traffic(service, 'canary')
    }
    await toCanary()
    await step('Let it decide for all', looked)
    await newest.getByText('decides for all, and is watched').waitFor()
    await expect.poll(async () => (await service.ask(0.55)).passed).toBe(true)
    await step('Roll back')
    await newest.getByText('taken back').waitFor()
    await expect.poll(async () => (await service.ask(0.55)).passed).toBe(false)

    await service.admin('POST', 'tuning/rollouts', { proposal: again, why: 'once more' })
    await toCanary()
    await step('Stop it')
    await newest.getByText('stopped before it decided for all').waitFor()
    await expect.poll(async () => (await service.ask(0.55)).passed).toBe(false)
    const { data } = await service.admin<Rollouts>('GET', `tuning/rollouts?${query}`)
    const ways = data.slice(0, 2).map(({ rollout: { steps } }) => steps.map(({ to }) => to))
    expect(ways).toEqual([
      ['shadow', 'canary', 'stopped'],
      ['shadow', 'canary', 'promoted', 'rolled-back'],
    ])
  })

  it('shows what a caller says as text, and takes it from the queue of Operate by a label, or by none', async () => {
    verifies('web.hostile')
    const comment = markup
      .map(({ text }) => text.replaceAll('RUN', 'document.documentElement.dataset.ran=1'))
      .join('\n')
    const appeals: string[] = []
    for (const words of [comment.slice(0, 1_900), 'about the price']) {
      const { decision } = await service.ask(0.75)
      appeals.push(await service.appeal(decision, words))
    }
    const [labelled = '', dismissed = ''] = appeals
    await using watched = await signedIn('?tab=queue')
    const watch = await watchPage(watched, new URL(service.operators.url).origin)
    const { page } = watched
    await page.reload()
    await page.getByRole('button', { name: /^Read/ }).click()
    await page.locator('.tune-label bdi').waitFor()
    // Labels are given without what the filter thinks.
    expect(await page.getByRole('cell', { name: /^0\.\d/ }).count()).toBe(0)
    await page.getByRole('cell', { name: 'once it is labelled' }).first().waitFor()
    expect(await page.locator('.tune-label').innerText()).toContain('<svg onload=')

    // One of the rows is taken before the others.
    await page
      .getByRole('button', { name: /^Label / })
      .last()
      .click()
    const taken = await page.getByRole('row').last().locator('td').last().textContent()
    expect(taken).toBe('is above')

    const opened = async (id: string): Promise<void> => {
      await page.goto(`${service.operators.url}/app/#/operate/feedback`)
      await page.locator(`a[href*="${id}"]`).click()
      await page.getByRole('heading', { name: 'Label it' }).waitFor()
    }
    await opened(labelled)
    await page.getByRole('button', { name: 'Show the comment and the masked text' }).click()
    await page.locator('.quoted-text').first().waitFor()
    expect(await page.locator('.quoted-text').first().innerText()).toContain('<svg onload=')
    expect(await page.getByText('Threshold', { exact: true }).count()).toBe(0)
    await page.getByLabel('It is').selectOption('harmful')
    await page.getByLabel('Why').fill('an insult')
    await page.getByRole('button', { name: 'Label', exact: true }).click()
    await page.getByText('The label is kept.').waitFor()
    await page.getByText('Threshold', { exact: true }).waitFor()
    expect(await service.standing(labelled)).toMatchObject({ state: 'labelled' })
    expect(await watch.look()).toEqual([])

    await opened(dismissed)
    await page.getByRole('button', { name: 'Dismiss without a label' }).click()
    await page.getByRole('dialog').getByLabel('Why').fill('about the price')
    await page.getByRole('dialog').getByRole('button', { name: 'Dismiss', exact: true }).click()
    await page.getByRole('heading', { name: 'Feedback', level: 1 }).waitFor()
    await page.locator(`a[href*="${dismissed}"]`).waitFor({ state: 'detached' })
    expect(await service.standing(dismissed)).toMatchObject({ state: 'dismissed' })
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
