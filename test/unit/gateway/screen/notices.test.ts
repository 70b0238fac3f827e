import { describe, expect, it } from 'vitest'
import type { FilterDecision } from '../../../../src/filters/profile.ts'
import { Notices } from '../../../../src/gateway/screen/notices.ts'

const decision = (category: string) => ({ category }) as FilterDecision
const place = (line: number, column: number) => () => ({ line, column })

describe('what was replaced', () => {
  it('is counted by category, with the place of the first', () => {
    const notices = new Notices()
    notices.add(decision('pii/email'), place(2, 7))
    notices.add(decision('secret/private-key'), place(3, 1))
    notices.add(decision('pii/email'), place(4, 1))
    notices.add(decision('pii/email'), place(5, 1))
    const cut = { rule: 'filter/result-cut', line: 1, column: 1, message: 'cut' }
    notices.say(cut)
    expect(notices.take()).toEqual([
      { rule: 'filter/pii-email', line: 2, column: 7, message: '3 values were replaced by [email].' },
      { rule: 'filter/secret-private-key', line: 3, column: 1, message: '1 value was replaced by [secret].' },
      cut,
    ])
  })

  it.each([
    [1, '1 foreign link or picture was disarmed.'],
    [2, '2 foreign links or pictures were disarmed.'],
  ])('is %i link: its words say that no value was replaced', (count, message) => {
    const notices = new Notices()
    for (let each = 0; each < count; each += 1) notices.add(decision('link/inline'), place(1, 1))
    expect(notices.take()).toEqual([{ rule: 'filter/link-inline', line: 1, column: 1, message }])
  })

  it('is said once, and counted from the beginning afterwards', () => {
    const notices = new Notices()
    notices.add(decision('pii/card'), place(1, 1))
    notices.say({ rule: 'filter/turn-cut', line: 1, column: 1, message: 'cut' })
    expect(notices.take()).toHaveLength(2)
    expect(notices.take()).toEqual([])
    notices.add(decision('pii/card'), place(9, 9))
    expect(notices.take()).toMatchObject([{ line: 9, column: 9, message: '1 value was replaced by [card].' }])
  })
})
