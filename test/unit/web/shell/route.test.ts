import { describe, expect, it } from 'vitest'
import { linkTo, parseFragment } from '../../../../src/web/shell/route.ts'

describe('a place in the app', () => {
  it.each([
    ['', ['ask']],
    ['#', ['ask']],
    ['#/', ['ask']],
    ['#/operate', ['operate']],
    ['#/ask/conv_1', ['ask', 'conv_1']],
    ['#//ask///x/', ['ask', 'x']],
    ['#/ask/%E0%A4%A', ['ask', '%E0%A4%A']],
  ])('is read from %j', (fragment, path) => {
    expect(parseFragment(fragment, 'ask').path).toEqual(path)
  })

  it('is what a link of the app says, whatever is in it', () => {
    const path = ['ask', 'a/b ?#%ü']
    const query = { link: 'x&y=1?#', turn: '2' }
    const route = parseFragment(linkTo(path, query), 'ask')
    expect([route.path, Object.fromEntries(route.query)]).toEqual([path, query])
    expect(linkTo(['ask'])).toBe('#/ask')
  })
})
