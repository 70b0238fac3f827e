import { describe, expect, it } from 'vitest'
import { screenArtifact } from '../../../../src/gateway/screen/artifact.ts'
import { limits, never, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const email = 'anna.berg@example.com'
const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64')

function screened(
  mediaType: string,
  content: string | Buffer,
  { name = 'a.file', passesUnread = false, isAnswer = false, maximumResultCharacters = 1_000 } = {},
) {
  const screener = testScreener({ limits: { ...limits, maximumResultCharacters }, hiddenSql: null })
  return screenArtifact({ name, mediaType, content: base64(content) }, { screener, passesUnread, isAnswer }, never)
}

describe('a file of an answer', () => {
  it.each([
    ['text/markdown', '![x](//e.example/p)', '![x] (//e.example/p)'],
    ['text/html; charset=utf-8', '<img src="//e.example/p">', '<img src-withheld="//e.example/p">'],
    ['text/html', '<script>x()</script>', '< script>x()</script>'],
    ['image/svg+xml', '<image href="//e.example/p"/>', '<image href-withheld="//e.example/p"/>'],
    ['text/plain', '![x](//e.example/p)', '![x](//e.example/p)'],
    ['text/csv', '<img src="//e.example/p">', '<img src="//e.example/p">'],
  ])('loads nothing from elsewhere where its readers would: %s', async (mediaType, content, expected) => {
    verifies('links.files')
    const left = await screened(mediaType, content, { isAnswer: true })
    expect(left).toMatchObject({ kind: 'passes', artifact: { content: base64(expected) } })
    // A program of the caller's own has what it wrote.
    expect(await screened(mediaType, content)).toMatchObject({ artifact: { content: base64(content) } })
  })

  it.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'IMAGE/PNG'])(
    'that is a picture (%s) passes, under a name without personal data',
    async (mediaType) => {
      expect(await screened(mediaType, Buffer.from([0x89, 0xff]), { name: `to ${email}, a.png` })).toEqual({
        kind: 'passes',
        artifact: {
          name: 'to [email], a.png',
          mediaType: mediaType.toLowerCase(),
          content: base64(Buffer.from([0x89, 0xff])),
        },
      })
    },
  )

  it.each([
    'text/csv',
    'text/html',
    'Text/Plain',
    'application/json',
    'application/xml',
    'application/x-ndjson',
    'application/jsonl',
    'application/yaml',
    'application/vnd.vega.v5+json',
    'image/svg+xml',
  ])('that is text (%s) is screened, and says so where that changed it', async (mediaType) => {
    expect(await screened(mediaType, `mail ${email}`)).toEqual({
      kind: 'passes',
      artifact: { name: 'a.file', mediaType: mediaType.toLowerCase(), content: base64('mail [email]'), isMasked: true },
    })
    expect(await screened(mediaType, 'n\n1\n')).toEqual({
      kind: 'passes',
      artifact: { name: 'a.file', mediaType: mediaType.toLowerCase(), content: base64('n\n1\n') },
    })
  })

  it.each([
    ['a spreadsheet', 'application/vnd.ms-excel'],
    ['a PDF', 'application/pdf'],
    ['of no type', ''],
    ['a picture only by the end of its type', 'application/x-image/png'],
    ['a picture of an unknown kind', 'image/png2'],
    ['text only by the end of its type', 'application/x-text/plain'],
    ['an archive', 'application/zip'],
  ])('that no filter can read, %s, is withheld from all but the local operator', async (_what, mediaType) => {
    expect(await screened(mediaType, email, { name: `for ${email}, a.bin` })).toEqual({
      kind: 'withheld',
      message: 'The file "for  email , a.bin" was withheld: a filter cannot read files of this type.',
    })
    expect(await screened(mediaType, email, { passesUnread: true })).toEqual({
      kind: 'passes',
      artifact: { name: 'a.file', mediaType, content: base64(email) },
    })
  })

  it('that is not UTF-8 although its name says text is withheld', async () => {
    const latin = Buffer.from([0x6d, 0xe4, 0x0a])
    expect(await screened('text/csv', latin)).toMatchObject({ kind: 'withheld' })
    expect(await screened('text/csv', latin, { passesUnread: true })).toMatchObject({ kind: 'passes' })
  })

  it('is checked up to the limit of a result, and withheld whole beyond it', async () => {
    expect(await screened('text/plain', 'x'.repeat(2_000), { maximumResultCharacters: 2_000 })).toMatchObject({
      kind: 'passes',
    })
    const long = 'x'.repeat(2_001)
    expect(await screened('text/plain', long, { maximumResultCharacters: 2_000 })).toEqual({
      kind: 'withheld',
      message:
        'The file "a.file" was withheld: it has more than 2,000 characters (filters.maximum_result_characters) to check.',
    })
    expect(await screened('text/plain', long, { maximumResultCharacters: 2_000, passesUnread: true })).toEqual({
      kind: 'passes',
      artifact: { name: 'a.file', mediaType: 'text/plain', content: base64(long) },
    })
  })
})
