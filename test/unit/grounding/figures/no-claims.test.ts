import { describe, expect, it } from 'vitest'
import { withoutNoClaims } from '../../../../src/grounding/figures/no-claims.ts'

const isRead = (text: string): boolean => withoutNoClaims(text).includes('9,999')

describe('what of an answer is looked at', () => {
  it.each([
    ['a block without a name that holds words', '```\nBooks   9,999\nToys    888\n```'],
    ['one of text', '```text\nBooks | 9,999\n```'],
    ['one of data', '~~~csv\nstore,revenue\nBooks,"9,999"\n~~~'],
    ['one that nothing closes', '```\nBooks 9,999'],
    ['a span with words', 'Books: `revenue 9,999` in all.'],
    ['a span with a figure alone', 'Books: `9,999`.'],
    ['the words of a link', '[Books had 9,999](https://example.com/a/1)'],
    ['what stands behind a line of dots', `Books${'.'.repeat(300)}9,999`],
    ['cells of a row without blanks', `|${'Books|9,999|'.repeat(30)}`],
    ['what only looks like a path', 'revenue/9,999.50 of Books'],
  ])('are words of whoever answers, wherever they stand: %s', (_, text) => {
    expect(isRead(text)).toBe(true)
    expect(withoutNoClaims(text)).toHaveLength(text.length)
  })

  it.each([
    ['a program with its name', '```python\nprint(9,999)\n```'],
    ['one without', '```\nimport math\nx = math.floor(9,999)\nprint(x)\n```'],
    ['a statement', '```\nSELECT revenue\nFROM stores\nLIMIT 9,999\n```'],
    ['a span that is code', 'It is `LIMIT 9,999` or `f(9,999)`.'],
    ['where a link leads', '[Books](https://example.com/9,999)'],
    ['a picture', '![9,999](a.png)'],
  ])('is neither code nor an address: %s', (_, text) => {
    expect(isRead(text)).toBe(false)
  })
})
