import { describe, expect, it } from 'vitest'
import { toDisplayItem } from '../../../../src/sandbox/session/displays.ts'

describe('a display from the sandbox', () => {
  it('D14: keeps the files that hold it as it was shown', () => {
    const { item, incomplete } = toDisplayItem({ text: 'Figure', png: 'iVBO', files: ['a.png'] }, false) ?? {}
    expect([item, incomplete]).toEqual([{ isMain: false, text: 'Figure', png: 'iVBO', files: ['a.png'] }, false])
  })

  it.each([['a.png'], [Array.from({ length: 17 }, () => 'a.png')], [[1]]])(
    'loses only the files where they are not what the protocol says: %j',
    (files) => {
      expect(toDisplayItem({ text: 'Figure', files }, true)).toEqual({
        item: { isMain: true, text: 'Figure' },
        incomplete: true,
      })
    },
  )
})
