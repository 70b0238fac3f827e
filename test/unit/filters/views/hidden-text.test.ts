import { describe, expect, it } from 'vitest'
import { isInert } from '../../../../src/filters/inert.ts'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import { hiddenText } from '../../../../src/filters/views/hidden-text.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'

const inTags = (text: string) =>
  Array.from(text, (letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) as number))).join('')
const inSelectors = (text: string) =>
  Array.from(Buffer.from(text), (byte) => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16)).join(
    '',
  )
const mail = 'bob@example.com'

describe('characters that are not drawn', () => {
  it.each([
    ['tags', inTags],
    ['selectors of variants', inSelectors],
  ])('are read as what they stand for: %s', async (_name, hide) => {
    const text = `Hello${hide(`to ${mail}`)} there`
    const view = hiddenText(text)
    expect(view?.text).toBe(`to ${mail}\n`)
    const span = view?.span(3, 3 + mail.length)
    expect(text.slice(span?.start, span?.end)).toBe(hide(mail))
    expect(await found(createPiiFilter(), text)).toEqual([`pii/email: ${hide(mail)}`])
    expect(isInert(text)).toBe(false)
  })

  it('say what is no ASCII, too', () => {
    expect(hiddenText(`☺${inSelectors('größer als 7')}`)?.text).toBe('größer als 7\n')
  })

  it.each(['🏴󠁧󠁢󠁥󠁮󠁧󠁿 and 🏴󠁧󠁢󠁳󠁣󠁴󠁿', '❤️ ☺️ ✌️', 'plain', '葛󠄀城'])('are not looked for in %s', (text) => {
    expect(hiddenText(text)).toBeNull()
  })
})
