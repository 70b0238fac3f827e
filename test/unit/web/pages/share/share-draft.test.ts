import { describe, expect, it } from 'vitest'
import {
  addressOfShare,
  dayChoices,
  firstDraft,
  leftOutText,
  toRequest,
  withAudience,
} from '../../../../../src/web/pages/share/share-draft.ts'

const audiences = {
  object: 'share.audiences',
  groups: ['north', 'south'],
  days: 90,
  link: { group: 'public', days: 7 },
} as const
const thing = { conversation: 'conv_1', run: null }

describe('what the dialog of shares asks for', () => {
  it('begins with the own group, where it may be one of those, and a month', () => {
    expect(firstDraft(audiences, 'south')).toEqual({ audience: 'group', group: 'south', days: 30 })
    expect(firstDraft({ ...audiences, groups: ['north'], days: 3 }, 'south')).toMatchObject({ group: 'north', days: 3 })
  })

  it('offers usual times, up to the longest that there may be, and no longer one for a link', () => {
    expect(dayChoices(audiences, 'group')).toEqual([1, 7, 30, 90])
    expect(dayChoices({ ...audiences, days: 45 }, 'group')).toEqual([1, 7, 30, 45])
    expect(dayChoices(audiences, 'link')).toEqual([1, 7])
    const draft = firstDraft(audiences, 'north')
    expect(withAudience(draft, 'link', audiences)).toEqual({ audience: 'link', group: 'north', days: 7 })
  })

  it('names a group for a group alone, and one answer in place of its conversation', () => {
    const draft = firstDraft(audiences, 'north')
    expect(toRequest(draft, thing)).toEqual({ conversation: 'conv_1', audience: 'group', group: 'north', days: 30 })
    expect(toRequest(withAudience(draft, 'link', audiences), { ...thing, run: 'run_1' })).toEqual({
      run: 'run_1',
      audience: 'link',
      days: 7,
    })
  })
})

describe('the address of a share', () => {
  it('has its secret behind the sign that no browser sends anything behind', () => {
    const address = new URL(addressOfShare('https://a.example/app/#/ask/conv_1', 'shr_1', 'se-cret_1'))
    expect(address.hash).toBe('#/share/shr_1?secret=se-cret_1')
    expect([address.pathname, address.search]).toEqual(['/app/', ''])
  })

  it('has none where callers of a group open it', () => {
    expect(addressOfShare('https://a.example/app/', 'shr_1', null)).toBe('https://a.example/app/#/share/shr_1')
  })
})

it('says how much is not in it', () => {
  expect([0, 1, 2].map(leftOutText)).toEqual([
    'Nothing had to be left out.',
    '1 part is not in it.',
    '2 parts are not in it.',
  ])
})
