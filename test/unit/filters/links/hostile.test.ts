import { describe, expect, it } from 'vitest'
import { never, testScreener } from '../../../support/filters/filter-fixtures.ts'

const inHtml = async (text: string) =>
  (await testScreener().texts([{ text, provenance: 'tool', form: 'html' }], never))[0]

describe('pictures and links that lead elsewhere', () => {
  it.each(['style=&', 'style="&', "style='", '<style ', '/style=a', '&#1', 'onclick', ' on'])(
    'S5: are looked for in time that grows with the text: %s, 50,000 times',
    async (unit) => {
      expect(typeof (await inHtml(unit.repeat(50_000)))).toBe('string')
    },
  )
})
