import { describe, expect, it } from 'vitest'
import { holdsSecondFile } from '../../../src/media/second-file.ts'

/** Whether this text, as data of a picture between other bytes, is a file of another kind. */
function isFile(text: string): boolean {
  const data = Buffer.from(`....${text}....`, 'latin1')
  const end = data.length - 4
  return holdsSecondFile(data, [
    { kind: 'comment', start: 0, end: 4 },
    { kind: 'application data', start: 4, end },
  ])
}

/** So long that pixels hold none by chance. */
const anywhere = [
  'PK\x05\x06\0\0\0\0',
  '%PDF-',
  '7z\xbc\xaf\x27\x1c',
  'Rar!\x1a\x07',
  '<html',
  '<script',
  '<!doctype',
  '<?php',
  '<iframe',
]
const files = [...anywhere, 'PK\x03\x04', 'PK\x05\x06', '\x7fELF', '<svg', '#!/']

describe('data of a picture that is no pixels', () => {
  it.each(files)('is a file of another kind, wherever it begins and in any case: %j', (text) => {
    for (const written of [text, text.toUpperCase(), text.toLowerCase(), `a picture of ${text} and more`])
      expect(isFile(written)).toBe(true)
  })

  it.each(['PK', 'PK%&', 'PK##', '%pd', '[html', '|script', '#\x01/', '\x03\x01\x0f', '\x3c', 'RAR!\x3a\x27', 'html'])(
    'is none where the beginning of one is not whole: %j',
    (text) => {
      expect(isFile(text)).toBe(false)
    },
  )

  it.each(anywhere)('is no place for one either: %j among packed pixels', (text) => {
    expect(holdsSecondFile(Buffer.from(`....${text.toUpperCase()}....`, 'latin1'), [])).toBe(true)
  })

  it('is looked at alone for what pixels may hold by chance', () => {
    const bytes = Buffer.from('<svg....<svg', 'latin1')
    expect(holdsSecondFile(bytes, [{ kind: 'comment', start: 4, end: 8 }])).toBe(false)
    expect(holdsSecondFile(bytes, [{ kind: 'comment', start: 3, end: 9 }])).toBe(false)
    expect(holdsSecondFile(bytes, [{ kind: 'comment', start: 8, end: 12 }])).toBe(true)
    expect(holdsSecondFile(bytes, [])).toBe(false)
  })
})
