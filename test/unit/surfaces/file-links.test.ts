import { describe, expect, it } from 'vitest'
import { FileLinks } from '../../../src/surfaces/file-links.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function made() {
  const clock = { now: 1_000 }
  const links = new FileLinks({
    key: Buffer.alloc(32, 7),
    timeToLiveMilliseconds: 500,
    now: () => clock.now,
    baseUrl: () => 'https://sally.example',
  })
  const linkTo = (principal: string) => links.to({ id: 'file_1', principal }).split('/').at(-1) ?? ''
  return { links, clock, linkTo }
}

describe('a link to a stored file', () => {
  it('opens what it was made for until its time is over', () => {
    const { links, clock, linkTo } = made()
    const link = linkTo('k1')
    expect(links.open(link)).toEqual({ id: 'file_1', principal: 'k1' })
    clock.now += 500
    expect(links.open(link)).toBeNull()
  })

  // Three lengths, so that the last letter has no, two and four bits that decoding drops.
  it.each(['k', 'k1', 'k12'])('of %s opens nothing where a single letter of it is another one', (principal) => {
    const { links, linkTo } = made()
    const link = linkTo(principal)
    for (let at = 0; at < link.length; at += 1) {
      const others = at === link.length - 1 ? letters.split('') : ['A', 'B']
      for (const letter of others.filter((other) => other !== link[at])) {
        expect(links.open(link.slice(0, at) + letter + link.slice(at + 1))).toBeNull()
      }
    }
  })

  it.each(['', '=', '.', '/', '%00', ' '])('opens nothing with %j behind it, nor without its end', (end) => {
    const { links, linkTo } = made()
    const link = linkTo('k1')
    expect(links.open(end === '' ? link.slice(0, -1) : `${link}${end}`)).toBeNull()
  })
})
