import { describe, expect, it } from 'vitest'
import { disguisedText } from '../../../support/filters/disguised-texts.ts'
import { never, stream, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { createRandom } from '../../../support/random.ts'
import { verifies } from '../../../support/verifies.ts'

/** `SALLYPORT_STREAM_TEXTS=100000` tries as many texts; the seed is `SALLYPORT_STREAM_SEED`. */
const count = Number(process.env['SALLYPORT_STREAM_TEXTS'] ?? 300)
const seed = Number(process.env['SALLYPORT_STREAM_SEED'] ?? 1)

describe('a screened stream', () => {
  it(`S1: equals the screened whole and lets nothing through, over ${count} texts`, async () => {
    verifies('filters.stream-equals-whole')
    const random = createRandom(seed)
    const wrong: string[] = []
    for (let index = 0; index < count && wrong.length < 10; index += 1) {
      const { text, chunks, planted } = disguisedText(random)
      const whole = await testScreener().text(text, 'model', never)
      const streamed = await stream(chunks, testScreener())
      if (streamed !== whole) wrong.push(`text ${index}: the stream differs: ${JSON.stringify(text)}`)
      for (const { disguise, form } of planted) {
        if (whole.includes(form)) wrong.push(`text ${index}: ${disguise} left: ${form}`)
      }
    }
    expect(wrong).toEqual([])
  }, 3_600_000)
})
