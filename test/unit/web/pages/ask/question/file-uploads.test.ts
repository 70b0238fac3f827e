import { describe, expect, it } from 'vitest'
import type { StoredFile } from '../../../../../../src/client/generated/files.ts'
import { FileUploads, freeName, type SendOptions } from '../../../../../../src/web/pages/ask/question/file-uploads.ts'

const named = (name: string): File => new File(['1'], name)
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Uploads that end when they are told to, in the order in which they began. */
function uploadsBeside(before: readonly string[] = []) {
  const taken = [...before]
  const sent: { readonly options: SendOptions; readonly end: (fault?: Error) => void }[] = []
  const uploads = new FileUploads({
    send: (_file, options) =>
      new Promise((resolve, reject) => {
        const stored = { filename: options.name } as StoredFile
        sent.push({ options, end: (fault) => (fault === undefined ? resolve(stored) : reject(fault)) })
      }),
    names: () => taken,
    add: ({ filename }) => taken.push(filename),
  })
  return { uploads, taken, sent }
}

describe('files on their way', () => {
  it('go two at a time, with how much of each is sent', async () => {
    const { uploads, taken, sent } = uploadsBeside()
    uploads.take(['a.csv', 'b.csv', 'c.csv'].map(named), [])
    expect(sent.map(({ options }) => options.name)).toEqual(['a.csv', 'b.csv'])
    sent[1]?.options.onProgress(0.5)
    expect(uploads.going.value.map(({ name, sent: share }) => [name, share])).toEqual([
      ['a.csv', 0],
      ['b.csv', 0.5],
      ['c.csv', 0],
    ])
    sent[1]?.end()
    await settled()
    expect(sent.map(({ options }) => options.name)).toEqual(['a.csv', 'b.csv', 'c.csv'])
    sent[0]?.end(new Error('Too large.'))
    sent[2]?.end()
    await settled()
    expect(taken).toEqual(['b.csv', 'c.csv'])
    expect(uploads.going.value).toEqual([])
    expect(uploads.faults.value).toEqual([new Error('Too large.')])
  })

  it('are ended one by one: what is cancelled is not taken, and another begins', async () => {
    const { uploads, taken, sent } = uploadsBeside()
    uploads.take(['a.csv', 'b.csv', 'c.csv', 'd.csv'].map(named), [])
    for (const { name, cancel } of uploads.going.value) if (name === 'a.csv' || name === 'c.csv') cancel()
    expect(sent[0]?.options.signal.aborted).toBe(true)
    sent[0]?.end(new Error('AbortError'))
    await settled()
    expect(sent.map(({ options }) => options.name)).toEqual(['a.csv', 'b.csv', 'd.csv'])
    sent[1]?.end()
    sent[2]?.end()
    await settled()
    expect(taken).toEqual(['b.csv', 'd.csv'])
    expect(uploads.faults.value).toEqual([])
  })

  it('get a free name where theirs is taken by one that was sent, is on its way, or is in the sandbox, and it is said', () => {
    const { uploads, sent } = uploadsBeside(['dup.csv'])
    uploads.take(['dup.csv', 'dup.csv', 'made.csv'].map(named), ['made.csv'])
    expect(uploads.going.value.map(({ name }) => name)).toEqual(['dup (2).csv', 'dup (3).csv', 'made (2).csv'])
    expect(sent[0]?.options.name).toBe('dup (2).csv')
    expect(uploads.said.value[0]).toBe('There is a "dup.csv" already: this one is called "dup (2).csv".')
    expect(freeName('README', new Set(['README']))).toBe('README (2)')
    expect(freeName('.env', new Set(['.env']))).toBe('.env (2)')
  })

  it('are 20 at most, and those beyond are named', () => {
    const { uploads } = uploadsBeside(Array.from({ length: 18 }, (_, at) => `f${at}.csv`))
    uploads.take(['a.csv', 'b.csv', 'c.csv', 'd.csv'].map(named), [])
    expect(uploads.going.value.map(({ name }) => name)).toEqual(['a.csv', 'b.csv'])
    expect(uploads.said.value).toEqual([
      'A conversation takes 20 files. Not taken: c.csv, d.csv. Leave some out, or put them into one.',
    ])
  })
})
