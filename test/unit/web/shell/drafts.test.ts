import { describe, expect, it } from 'vitest'
import { drafts } from '../../../../src/web/shell/drafts.ts'

describe('drafts of forms', () => {
  it('are there until they are sent, the newest two hundred', () => {
    drafts.keep('a key', { name: 'Nightly' })
    expect([drafts.read('a key'), drafts.read('another')]).toEqual([{ name: 'Nightly' }, undefined])
    drafts.keep('oldest', 'why')
    drafts.keep('a key', { name: 'Nightly report' })
    for (let each = 0; each < 199; each += 1) drafts.keep(`item ${each}`, 'why')
    expect([drafts.read('oldest'), drafts.read('a key')]).toEqual([undefined, { name: 'Nightly report' }])
    drafts.forget('a key')
    expect(drafts.read('a key')).toBeUndefined()
  })
})
