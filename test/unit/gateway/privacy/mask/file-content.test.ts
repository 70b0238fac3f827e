import { describe, expect, it } from 'vitest'
import { Document } from '../../../../../src/gateway/privacy/mask/documents.ts'
import { fileContentOf, isDataAddress, isEncoded } from '../../../../../src/gateway/privacy/mask/file-content.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function contentOf(content: string, siblings: object | null = {}, isFile = true) {
  const document = new Document(JSON.stringify(siblings ?? {}))
  const owner = siblings !== null && document.root.kind === 'object' ? document.root : null
  const found = fileContentOf(content, { document, owner, isFile })
  return found === null || typeof found === 'string' ? found : { text: found.text }
}

describe('the content of a file', () => {
  it('is a plain text where its owner says so', () => {
    expect(contentOf(base64('a'), { type: 'text' })).toBe('plain')
    expect(contentOf('https://x.example', { type: 'text' })).toBe('plain')
    expect(contentOf(base64('a'), { type: 'texts' })).toEqual({ text: 'a' })
    expect(contentOf(base64('a'), { types: 'text' })).toEqual({ text: 'a' })
  })

  it.each(['https://x.example/a', ' HTTP://x', 's3+x.y-z://bucket', 'file:///etc'])('is an address: %j', (content) => {
    expect(contentOf(content)).toBe('address')
    expect(contentOf(content, null, false)).toBe('address')
  })

  it.each(['x https://x.example', '3s://x', 'https:/x', '://x'])('is no address: %j', (content) => {
    expect(contentOf(content)).not.toBe('address')
  })

  it('is read by the type that its owner says', () => {
    expect(contentOf(base64('a'), { media_type: 'text/plain' }, false)).toEqual({ text: 'a' })
    expect(contentOf(base64('a'), { mime_type: 'text/plain' }, false)).toEqual({ text: 'a' })
    expect(contentOf(base64('a'), { media_type: 'image/png', mime_type: 'text/plain' }, false)).toBeNull()
    expect(contentOf(base64('a'), { media_type: 5, mime_type: 'text/plain' }, false)).toEqual({ text: 'a' })
    expect(contentOf(base64('a'), { media_type: 'image/png' })).toBeNull()
  })

  it('is read as what it is where nobody says its type, and it is a file', () => {
    expect(contentOf(base64('a'))).toEqual({ text: 'a' })
    expect(contentOf(base64('a'), null)).toEqual({ text: 'a' })
    expect(contentOf(base64('a'), null, false)).toBeNull()
    for (const none of ['%PDF-1.7', 'a\x07', 'a\0b']) expect(contentOf(base64(none))).toBeNull()
    expect(contentOf(base64('a\n\tb'))).toEqual({ text: 'a\n\tb' })
    expect(contentOf(' data:image/png;base64,YQ==')).toBeNull()
    expect(contentOf('DATA:text/plain,a%07')).toEqual({ text: 'a\x07' })
    expect(contentOf('x data:text/plain,a')).toBeNull()
  })
})

describe('a text', () => {
  const letters = 'aZ09_+/-'.repeat(8)

  it.each([
    'data:text/plain,a',
    ' DATA:image/svg+xml;base64,YQ',
    'data:a.b-c/d.e;x=y;v-w=1.2;base64,',
    `data:${'a'.repeat(60)}/${'b'.repeat(80)},`,
    'data:a/b;c=d;c=d;c=d;c=d,x',
  ])('is a file in its address: %j', (text) => {
    expect(isDataAddress(text)).toBe(true)
  })

  it.each([
    'x data:text/plain,a',
    'data:,a',
    'data:text,a',
    'data:text/plain',
    'data: text/plain,a',
    `data:${'a'.repeat(61)}/b,`,
    `data:a/${'b'.repeat(81)},`,
    'data:a/b;c=d;c=d;c=d;c=d;c=d,x',
  ])('is none: %j', (text) => {
    expect(isDataAddress(text)).toBe(false)
  })

  it.each([
    [letters, true],
    [`${letters}\n${letters}==`, true],
    [`${letters}= \n`, true],
    [letters.slice(1), false],
    [`${letters}===`, false],
    [`.${letters}`, false],
    [`${letters}.`, false],
    [`${letters}=a`, false],
  ])('%j is an encoding from 64 letters on: %s', (text, expected) => {
    expect(isEncoded(text)).toBe(expected)
  })
})
