import { describe, expect, it } from 'vitest'
import { ShownTurn } from '../../../../../../src/web/pages/ask/turn/shown-turn.ts'
import { newTurn, type Turn } from '../../../../../../src/web/pages/ask/turn/turn.ts'

/** A turn that is shown into `views`, and pauses that end when they are told to. */
function shownTurn() {
  const views: string[] = []
  const pauses: { readonly milliseconds: number; readonly end: () => void }[] = []
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => pauses.push({ milliseconds, end: resolve }))
  const textOf = ({ items }: Turn): string => (items[0]?.type === 'words' ? items[0].text : '')
  const turn = new ShownTurn(newTurn('How much?', 0), wait, (shown) => views.push(textOf(shown)))
  const say = (text: string): void =>
    turn.change((before) => ({ ...before, items: [{ type: 'words', id: 'm', text: textOf(before) + text }] }))
  const endPause = async (): Promise<void> => {
    pauses.at(-1)?.end()
    await new Promise(setImmediate)
  }
  return { turn, views, pauses, say, endPause }
}

describe('a turn whose words come', () => {
  it('is seen at once, and what comes in a pause is seen together behind it', async () => {
    const { turn, views, say, endPause, pauses } = shownTurn()
    for (const letter of 'abcdef') say(letter)
    expect(views).toEqual(['a'])
    expect(turn.now.items).toMatchObject([{ text: 'abcdef' }])
    await endPause()
    expect(views).toEqual(['a', 'abcdef'])
    await endPause()
    expect(pauses).toHaveLength(2)
    say('g')
    expect(views.at(-1)).toBe('abcdefg')
  })

  it('pauses longer the longer its answer is', () => {
    const { pauses, say } = shownTurn()
    say('x'.repeat(60_000))
    expect(pauses.map(({ milliseconds }) => milliseconds)).toEqual([240])
  })

  it('is seen when that is asked for, and not again for a pause that ends later', async () => {
    const { turn, views, say, endPause } = shownTurn()
    say('a')
    say('b')
    turn.show()
    turn.show()
    expect(views).toEqual(['a', 'ab'])
    await endPause()
    expect(views).toEqual(['a', 'ab'])
  })
})
