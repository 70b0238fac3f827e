import type { Locator, Page } from 'playwright-core'

/** Goes from where the focus is by Tab alone, on or back, as somebody without a mouse does. */
export async function reach(page: Page, target: Locator): Promise<void> {
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

/** The same, and presses Enter there. */
export async function press(page: Page, target: Locator): Promise<void> {
  await reach(page, target)
  await page.keyboard.press('Enter')
}
