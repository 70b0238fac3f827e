import type { Page } from 'playwright-core'
import { openBrowser } from '../../support/web/browser.ts'
import { startScriptedAnalyst } from '../../support/web/scripted-analyst.ts'
import { serveApp } from '../../support/web/served-app.ts'
import { figure, type Figures } from '../figures.ts'
import { TabMemory } from './devtools.ts'

const rowCount = 1_000_000
/** Places of the scrollbar that are gone to, from the top to the end and back. */
const steps = 400

const columns = ['id', 'name', 'city', 'amount', 'at'].map((name) => ({
  name,
  type: name === 'id' || name === 'amount' ? 'bigint' : 'text',
  masked: null,
}))

const rowAt = (row: number): readonly unknown[] => [
  row,
  `customer number ${row}`,
  `city ${row % 977}`,
  (row * 7_919) % 100_003,
  new Date(row * 60_000).toISOString(),
]

/**
 * The tables of runs of this page have a million rows. A service keeps as many as its limits allow, so that the rows are made here and given by
 * pages, as its route gives them; all that the tab does is the app's.
 */
async function lengthenTables(page: Page): Promise<void> {
  await page.route(/\/v1\/runs\/[^/]+\/tables$/, async (route) => {
    const answer = await route.fetch()
    const list = (await answer.json()) as { readonly data: readonly object[] }
    const data = list.data.map((table) => Object.assign({}, table, { columns, rows: rowCount, total_rows: rowCount }))
    await route.fulfill({ response: answer, json: { ...list, data } })
  })
  await page.route(/\/v1\/runs\/[^/]+\/tables\/\d+\?/, async (route) => {
    const { searchParams } = new URL(route.request().url())
    const [offset, limit] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))]
    const count = Math.max(0, Math.min(limit, rowCount - offset))
    await route.fulfill({ json: { data: Array.from({ length: count }, (_, index) => rowAt(offset + index)) } })
  })
}

const scroller = '.run-table .data-table-scroller'

/** Resolves when the rows of a share of the whole are seen, none of them still on its way; milliseconds. */
async function scrollTo(page: Page, share: number): Promise<number> {
  return await page.evaluate<number>(`(async () => {
    const scroller = document.querySelector(${JSON.stringify(scroller)})
    const started = performance.now()
    scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * ${share}
    const wanted = Math.round(${share} * ${rowCount - 1})
    for (;;) {
      await new Promise(requestAnimationFrame)
      const ids = [...scroller.querySelectorAll('.data-table-body [aria-colindex="1"]')].map(({ textContent }) => textContent)
      const places = ids.map((text) => Number(text.replaceAll(',', '')))
      if (places.length > 0 && !places.some(Number.isNaN) && places.some((place) => Math.abs(place - wanted) < 60)) break
      if (performance.now() - started > 20000) throw new Error('Row ' + wanted + ' is not seen: ' + ids.join(' '))
    }
    return performance.now() - started
  })()`)
}

/** A table of 1,000,000 rows that somebody scrolls through from its first row to its last and back: the time of each step, and the memory of the tab. */
export async function longTable(): Promise<Figures> {
  await using model = await startScriptedAnalyst()
  await using app = await serveApp(model.environment)
  await using browser = await openBrowser()
  await using empty = await browser.newPage()
  await empty.page.goto('about:blank')
  const ofEmpty = await TabMemory.of(browser.browser, empty.page)
  await using watched = await app.open(browser, 'service', '#/ask')
  const { page } = watched
  await lengthenTables(page)
  await page.fill('#question', 'How many orders are there of each status?')
  await page.keyboard.press('Enter')
  await page.waitForSelector(`${scroller} .data-table-cell`)
  const grid = await page.getAttribute(scroller, 'aria-rowcount')
  if (Number(grid) !== rowCount + 1) throw new Error(`The table has ${grid} rows.`)
  const tab = await TabMemory.of(browser.browser, page)
  const [times, memory]: [number[], number[]] = [[], []]
  for (let step = 0; step <= steps; step += 1) {
    times.push(await scrollTo(page, 1 - Math.abs(1 - (2 * step) / steps)))
    memory.push(tab.look())
  }
  return {
    'web.table_step': figure(times),
    'web.table_tab': figure([tab.peak], { unit: 'bytes' }),
    'web.table_tab_median': figure(memory, { unit: 'bytes' }),
    'web.empty_tab': figure([ofEmpty.look()], { unit: 'bytes' }),
  }
}
