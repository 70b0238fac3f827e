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
  it('tells rows, columns, types and the first rows of a CSV', async () => {
    const path = write('sales.csv', 'day,city,amount,paid\n2025-01-01,"Köln, Süd",12.5,true\n2025-01-02,Wien,7,false\n')
    const file = await attachFile(path, options, live)
    expect(file.path).toBe('sales.csv')
    expect(file.description).toBe(
      [
        '2 rows, 4 columns: day (date), city (text), amount (number), paid (boolean)',
        'first rows:',
        '2025-01-01 | Köln, Süd | 12.5 | true',
        '2025-01-02 | Wien | 7 | false',
      ].join('\n'),
    )
  })

  it('says how a file with another delimiter or encoding is read', async () => {
    const path = write('staedte.csv', Buffer.from('stadt;wert\nKöln;1\nMünchen;2\n', 'latin1'))
    const file = await attachFile(path, options, live)
    expect(file.description).toContain(`read with pandas.read_csv(path, sep=";", encoding='windows-1252')`)
    expect(file.description).toContain('Köln | 1')
  })

  it('looks only at the beginning of a large file, and not at the line that is cut there', async () => {
    const path = write(
      'large.csv',
      `id,note\n${Array.from({ length: 20_000 }, (_value, index) => `${index},ok`).join('\n')}`,
    )
    const file = await attachFile(path, options, live)
    expect(file.description).toMatch(/^\d+ bytes, 2 columns: id \(integer\), note \(text\)/)
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
    ['a"b\';$(x)\n.csv', 'a_b____x__.csv'],
    ['-rf.csv', 'rf.csv'],
  ])('names the file %j safely', async (name, safe) => {
    const file = await attachFile(write('b.csv', 'a\n1\n'), { ...options, name }, live)
    expect(file.path).toBe(safe)
  })

  const refused: readonly (readonly [string, () => string, RegExp])[] = [
    ['a file that is missing', () => join(folder, 'none.csv'), /none\.csv: it does not exist/],
    ['a folder', () => folder, /is a folder; name the files in it/],
    ['a device', () => '/dev/null', /is not a regular file/],
    ['an empty file', () => write('empty.csv', ''), /empty\.csv: it is empty/],
    [
      'a binary that calls itself CSV',
      () => write('photo.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0])),
      /is a PNG picture/,
    ],
    ['a CSV without a header', () => write('blank.csv', '\n\n \n'), /has no header line/],
    [
      'a file of 2 GB',
      () => {
        const path = write('huge.csv', 'a')
        truncateSync(path, 2 * 1024 ** 3)
        return path
      },
      /2,147\.5 MB are too much, the limit is 1 MB \(sessions\.maximum_file_bytes\)/,
    ],
  ]

  it.each(refused)('refuses %s', async (_what, path, says) => {
    await expect(attachFile(path(), options, live)).rejects.toMatchObject({ code: 'invalid-file', message: says })
  })
})
