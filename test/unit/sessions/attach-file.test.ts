import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { attachFile } from '../../../src/sessions/attach-file.ts'

const live = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'attach-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const options = { maximumBytes: 1024 * 1024 }

describe('attaching a local file', () => {
  it('shows how a text begins, and says in which encoding that was read', async () => {
    const plain = await attachFile(write('notes.txt', 'one\ntwo\n'), options, live)
    expect(plain.description).toBe('8 bytes of text, beginning:\none\ntwo\n')
    const old = await attachFile(write('alt.txt', Buffer.from('K\xf6ln', 'latin1')), options, live)
    expect(old.description).toBe('4 bytes of text (read here as windows-1252), beginning:\nKöln')
  })

  it('guesses nothing of a table: the reader in the sandbox says what it holds', async () => {
    const file = await attachFile(write('sales.csv', 'day,amount\n01/02/2024,1\n'), options, live)
    expect(file).toMatchObject({ path: 'sales.csv', description: '24 bytes.' })
  })

  it('opens the content again and again', async () => {
    const file = await attachFile(write('a.csv', 'a\n1\n'), options, live)
    for (const attempt of [1, 2]) {
      const chunks: Uint8Array[] = []
      for await (const chunk of file.open()) chunks.push(chunk)
      expect([attempt, Buffer.concat(chunks).toString()]).toEqual([attempt, 'a\n1\n'])
    }
  })

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['.hidden.csv', 'hidden.csv'],
    ['a\n\u202eb.csv', 'a__b.csv'],
    ['D5 ดี ดู 👨‍👩‍👧 "é\'.csv', 'D5 ดี ดู 👨‍👩‍👧 "é\'.csv'],
    ['-rf.csv', 'rf.csv'],
  ])('names the file %j safely', async (name, safe) => {
    const file = await attachFile(write('b.csv', 'a\n1\n'), { ...options, name }, live)
    expect(file.path).toBe(safe)
  })

  const refused: readonly (readonly [string, () => string, RegExp])[] = [
    ['a file that is missing', () => join(folder, 'none.csv'), /none\.csv: it does not exist/],
    ['a folder', () => folder, /: it is a folder/],
    ['a device', () => '/dev/null', /is not a regular file/],
    ['an empty file', () => write('empty.csv', ''), /empty\.csv: it is empty/],
    [
      'a binary that calls itself CSV',
      () => write('photo.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0])),
      /is a PNG picture/,
    ],
    [
      'a file of 2 GB',
      () => {
        const path = write('huge.csv', 'a')
        truncateSync(path, 2 * 1024 ** 3)
        return path
      },
      /2,048 MiB are too much, the limit is 1 MiB \(sessions\.maximum_file_mb\)/,
    ],
  ]

  it.each(refused)('refuses %s', async (_what, path, says) => {
    await expect(attachFile(path(), options, live)).rejects.toMatchObject({
      code: 'invalid-file',
      message: expect.stringMatching(says),
    })
  })
})
