import { describe, expect, it } from 'vitest'
import { promptBoundOf } from '../../../../../src/gateway/calls/bounds/prompt-bound.ts'

const counter = {
  countText: (text: string) => Buffer.byteLength(text),
  pictureTokens: 700,
  numbersAreTokens: false,
}
const boundOf = (content: unknown) => promptBoundOf({ messages: [{ role: 'user', content }] }, counter)
/** How much more a content is than none. */
const moreBy = (content: object): number => boundOf([content]).tokens - boundOf([]).tokens

const data = 'A'.repeat(50_000)
const picture = `data:image/png;base64,${data}`

describe('the bound of a prompt', () => {
  it.each([
    ['of Chat Completions', { type: 'image_url', image_url: { url: picture, detail: 'high' } }],
    ['of Chat Completions, at an address', { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }],
    ['of Responses', { type: 'input_image', image_url: picture }],
    ['of Messages', { type: 'image', source: { type: 'base64', media_type: 'image/png', data } }],
    ['of Messages, at an address', { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
  ])('has a picture %s as what its model makes of one, and not its bytes', (_claim, part) => {
    expect(moreBy(part)).toBeGreaterThanOrEqual(700)
    expect(moreBy(part)).toBeLessThan(800)
    expect(boundOf([part]).isOpen).toBe(false)
  })

  it.each([
    ['a text that calls itself a picture', { type: 'image_url', image_url: { url: `data:text/plain,${data}` } }],
    ['a text of the form of a picture', { type: 'text', text: picture }],
    ['a source that is none', { type: 'image', source: { type: 'base64', media_type: 'text/plain', data } }],
    ['what stands beside a picture', { type: 'image_url', image_url: { url: picture }, text: data }],
    ['a member that nobody knows', { type: 'text', surprising: { deep: [data] } }],
  ])('has every letter of %s', (_claim, part) => {
    expect(moreBy(part)).toBeGreaterThan(50_000)
  })

  it('has ten tokens for a second of sound at a kilobit, and nothing less', () => {
    // A second at a kilobit a second is 125 bytes, or 168 characters of base64.
    const sound = { type: 'input_audio', input_audio: { data: 'A'.repeat(168_000), format: 'mp3' } }
    expect(moreBy(sound)).toBeGreaterThan(10_000)
    expect(moreBy(sound)).toBeLessThan(11_000)
  })

  it('has the names and numbers of a schema, and what a provider adds for tools', () => {
    const tool = { type: 'function', function: { name: 'f', parameters: { maximum: 1_234_567, colour: true } } }
    const [none, one, own] = [[], [tool], [tool, { type: 'bash_20250124', name: 'bash' }]].map(
      (tools) => promptBoundOf({ tools }, counter).tokens,
    )
    expect((one ?? 0) - (none ?? 0)).toBeGreaterThan(1_000 + 'functionparametersmaximumcolour1234567true'.length)
    expect((own ?? 0) - (one ?? 0)).toBeGreaterThan(1_000)
  })

  it.each([
    { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } },
    { type: 'input_file', file_data: 'data:application/pdf;base64,AAAA' },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
    { type: 'document' },
  ])('is open where a file is packed: %j', (part) => {
    expect(boundOf([part]).isOpen).toBe(true)
  })

  it('is not open for a document that is a text', () => {
    expect(boundOf([{ type: 'document', source: { type: 'text', data } }]).isOpen).toBe(false)
  })

  it('has one for each number of an embedding, and its digits elsewhere', () => {
    const input = Array.from({ length: 1_000 }, (_, index) => 10_000 + index)
    expect(promptBoundOf({ input }, { ...counter, numbersAreTokens: true }).tokens).toBeLessThan(1_100)
    expect(promptBoundOf({ input }, counter).tokens).toBeGreaterThan(5_000)
  })
})
