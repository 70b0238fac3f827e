import { describe, expect, it } from 'vitest'
import { fileTextOf } from '../../../../../src/gateway/privacy/mask/file-texts.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const address = (type: string, text = 'a é'): string => `data:${type};base64,${base64(text)}`

describe('the text of a file', () => {
  it.each([
    'text/plain',
    'text/csv;charset=utf-8',
    'TEXT/HTML',
    ' text/plain ',
    'application/json',
    'application/json; charset=utf-8',
    'application/ld+json',
    'application/vnd.x-y.z+xml',
    'application/xml',
    'application/yaml',
    'application/x-yaml',
    'application/csv',
    'application/ndjson',
    'application/x-ndjson',
    'application/jsonl',
    'application/javascript',
    'application/typescript',
    'application/sql',
    'application/toml',
    'application/x-sh',
    'application/x-python',
    'application/rtf',
    'application/graphql',
  ])('is there for %j, in an address and in base64, and comes back as it was', (type) => {
    for (const [content, mediaType] of [
      [address(type), null],
      [address(type), 'image/png'],
      [base64('a é'), type],
    ] as const) {
      const file = fileTextOf(content, mediaType)
      expect(file?.text).toBe('a é')
      expect(file?.encode('a é')).toBe(content)
      expect(file?.encode('b')).toBe(content.replace(base64('a é'), base64('b')))
    }
  })

  it.each([
    'image/png',
    'application/pdf',
    'application/jsonx',
    'application/x-json',
    'application/json+zip',
    'x-application/json',
    'xtext/plain',
    'image/text/plain',
    'application/octet-stream',
  ])('is not there for %j', (type) => {
    expect(fileTextOf(address(type), 'text/plain')).toBeNull()
    expect(fileTextOf(base64('a'), type)).toBeNull()
  })

  it('is that of a plain text where an address names no type, and none where nothing does', () => {
    expect(fileTextOf('data:,a%20b', null)?.text).toBe('a b')
    expect(fileTextOf(`data:;base64,${base64('a')}`, null)?.text).toBe('a')
    expect(fileTextOf(base64('a'), null)).toBeNull()
    expect(fileTextOf(base64('a'), '')).toBeNull()
  })

  it('is read of an address without base64 as addresses are written', () => {
    const file = fileTextOf(' Data:text/plain;x=y,a%20b%2C,c', null)
    expect(file?.text).toBe('a b,,c')
    expect(file?.encode('ä,')).toBe(' Data:text/plain;x=y,%C3%A4%2C')
    expect(fileTextOf('data:text/plain,%zz', null)).toBeNull()
    expect(fileTextOf('data:image/png,a', null)).toBeNull()
    expect(fileTextOf('x data:text/plain,a', null)).toBeNull()
  })

  it.each(['YQ==', 'YQ', 'YQ=', 'YWE=', 'YWFh', 'YW\nFh \n', 'fn5+', 'Pz8/', ''])('is in the base64 %j', (encoded) => {
    expect(fileTextOf(encoded, 'text/plain')).not.toBeNull()
  })

  it.each(['YQ===', 'YQ!=', '.YQ', 'YQ==.', 'Y=Q', 'Y-Fh', '6Q=='])(
    'is not in %j: what is no base64 all through, or no UTF-8, is read otherwise by somebody else',
    (encoded) => {
      expect(fileTextOf(encoded, 'text/plain')).toBeNull()
    },
  )

  it('keeps a byte order mark', () => {
    expect(fileTextOf(base64('\ufeffa'), 'text/plain')?.text).toBe('\ufeffa')
  })
})
