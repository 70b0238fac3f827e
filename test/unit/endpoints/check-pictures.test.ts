import { describe, expect, it } from 'vitest'
import { pictureTypes, type MediaChecker } from '../../../src/core/media.ts'
import { pictureChecks } from '../../../src/endpoints/check-pictures.ts'
import { endpointOptions } from '../../../src/endpoints/options.ts'
import { drawn } from '../../support/media/drawn-pictures.ts'
import { RecordedMedia } from '../../support/media/recorded-media.ts'

const { signal } = new AbortController()
const anew = Buffer.from('drawn anew')
const picture = { bytes: drawn.png, types: pictureTypes, declaredType: null, parameter: 'body.a' }
const pixels = 24 * 16

function checksWith(pictures: object, media: MediaChecker | null = new RecordedMedia(anew)) {
  const options = endpointOptions.parse({ document: 'a', base_url: 'http://127.0.0.1:1', body_limit_kb: 4, pictures })
  return pictureChecks(media, options, { sender: 'ann', signal })
}

describe('the pictures of one body', () => {
  it('are looked at by the limits of their endpoint, each with the pixels that those before it left', async () => {
    const media = new RecordedMedia(anew)
    const settings = { width: 100, height: 90, pixels: 1_000, ratio: 7, frames: 2, metadata: 'keep', mode: 'as-is' }
    const check = checksWith(settings, media)
    expect(await check({ ...picture, declaredType: 'image/png', types: ['image/png'] })).toEqual({
      type: 'image/png',
      bytes: anew,
    })
    await check(picture)
    expect(media.asked.map(({ sender, declaredType, limits }) => ({ sender, declaredType, limits }))).toEqual([
      {
        sender: 'ann',
        declaredType: 'image/png',
        limits: {
          types: ['image/png'],
          maximumBytes: 4_096,
          maximumWidth: 100,
          maximumHeight: 90,
          maximumPixels: 1_000,
          maximumDecompressionRatio: 7,
          maximumFrames: 2,
          metadata: 'keep',
          mode: 'as-is',
        },
      },
      {
        sender: 'ann',
        declaredType: null,
        limits: expect.objectContaining({ maximumPixels: 1_000 - pixels }) as object,
      },
    ])
  })

  it('are as many as the endpoint takes', async () => {
    const check = checksWith({ count: 2 })
    await check(picture)
    await check(picture)
    await expect(check(picture)).rejects.toMatchObject({
      code: 'invalid-request',
      parameter: 'body.a',
      message: 'body.a is one picture more than the 2 that are taken.',
    })
  })

  it('have together as many pixels as the endpoint takes, those of all frames', async () => {
    const both = checksWith({ pixels: 2 * pixels })
    await both(picture)
    await both(picture)
    const few = checksWith({ pixels: 2 * pixels - 1 })
    await few(picture)
    await expect(few(picture)).rejects.toThrow(
      `body.a: The picture has ${pixels} pixels in all frames; at most ${pixels - 1} are taken after the pictures before it. [too-many-pixels]`,
    )
    const animated = checksWith({ pixels: 3 * pixels - 1, frames: 2 })
    await animated({ ...picture, bytes: drawn.gifAnimated })
    await expect(animated(picture)).rejects.toThrow('after the pictures before it')
    await expect(checksWith({ pixels: pixels - 1 })(picture)).rejects.toThrow(
      `at most ${pixels - 1} are taken. [too-many-pixels]`,
    )
  })

  it('are refused by their place, with the code of what is wrong', async () => {
    await expect(checksWith({})({ ...picture, bytes: Buffer.from('words') })).rejects.toMatchObject({
      code: 'invalid-request',
      parameter: 'body.a',
      message: expect.stringMatching(/^body\.a: These bytes are no picture\. .* \[unknown-type\]$/) as string,
    })
  })

  it('are none where nothing was opened that looks at them', async () => {
    await expect(checksWith({}, null)(picture)).rejects.toMatchObject({ code: 'internal' })
  })
})
