import { describe, expect, it } from 'vitest'
import { reasonAgainstPath } from '../../../src/text/reason-against-path.ts'

describe('a path below /mnt/data', () => {
  it.each(['a', 'a.csv', 'out/a b.csv', '...', 'ü.csv', `${'a/'.repeat(511)}a`, 'a'.repeat(255)])(
    'may be %j',
    (path) => {
      expect(reasonAgainstPath(path)).toBeNull()
    },
  )

  it.each([
    ['', 'is empty'],
    [`${'a/'.repeat(512)}a`, 'is longer than 1024 bytes'],
    ['\ud800.csv', 'is not valid Unicode'],
    ['a\nb', 'holds control characters'],
    ['a\u2028b', 'holds control characters'],
    ['exe.\u202Efdp', 'holds control characters'],
    ['/a', 'is absolute'],
    ['../a', 'holds "", "." or ".." as a name'],
    ['a//b', 'holds "", "." or ".." as a name'],
    ['ü'.repeat(128), 'holds a name longer than 255 bytes'],
  ])('may not be %j', (path, reason) => {
    expect(reasonAgainstPath(path)).toBe(reason)
  })
})
