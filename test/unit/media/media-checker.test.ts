import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../../src/media/media-checker.ts'
import { readStructure } from '../../../src/media/structure/read-structure.ts'
import { drawn, turnedJpeg } from '../../support/media/drawn-pictures.ts'
import { verifies } from '../../support/verifies.ts'

const decoded = (width: number, height: number) => ({ kind: 'decoded', width, height, bytes: null }) as const

describe('what a decoder answers', () => {
  const upright = readStructure('image/png', drawn.png)

  it.each([
    ['another width', decoded(25, 16)],
    ['another height', decoded(24, 17)],
    ['a turned size of a picture that is upright', decoded(16, 24)],
  ])('is a refusal where it is %s than the header says', (_what, outcome) => {
    verifies('media.decoded-whole')
    expect(verdictOf(outcome, upright, drawn.png)).toMatchObject({ refusal: { code: 'not-decodable' } })
  })

  it('is the size of a turned picture where its camera was turned', async () => {
    const bytes = await turnedJpeg(6)
    const turned = readStructure('image/jpeg', bytes)
    expect(verdictOf(decoded(16, 24), turned, bytes)).toMatchObject({ media: { width: 16, height: 24, bytes } })
  })

  it.each([
    ['late', 'too-slow', 'The picture takes too long to decode.'],
    ['lost', 'not-decodable', 'The picture takes more memory than a decoder may use. Send a smaller one.'],
    ['too-large', 'not-decodable', 'The picture takes more memory than a decoder may use. Send a smaller one.'],
    ['not-decodable', 'not-decodable', 'The picture is damaged: not all of it decodes.'],
  ] as const)('is a refusal where it is %s', (kind, code, message) => {
    expect(verdictOf({ kind }, upright, drawn.png)).toEqual({ kind: 'refused', refusal: { code, message } })
  })
})
