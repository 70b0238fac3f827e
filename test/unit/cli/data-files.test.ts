import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConfigSchema } from '../../../src/config/schema.ts'
import { dataLimits, openDataFiles } from '../../../src/cli/data-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-data-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const limits = (bytes: number) => {
  const limit = { bytes, setting: 'cli.maximum_file_mb' }
  return { file: limit, total: { ...limit, setting: 'sandbox.limits.data_mb' } }
}

const complaint = (path: string, limit = 1000) =>
  openDataFiles([path], limits(limit)).then(
    () => 'accepted',
    (error: Error) => error.message.replace(`${folder}/`, ''),
  )

describe('a data file', () => {
  it('comes with its name, size and content', async () => {
    const [opened] = await openDataFiles([file('sales.csv', 'a,b\n1,2\n')], limits(1000))
    expect(opened).toMatchObject({ name: 'sales.csv', bytes: 8, warning: null })
    const chunks = []
    for await (const chunk of opened?.open() ?? []) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('a,b\n1,2\n')
  })

  it('is refused when it is not there', async () => {
    expect(await complaint(join(folder, 'none.csv'))).toBe('none.csv: it does not exist')
  })

  it('is refused when it is a folder', async () => {
    mkdirSync(join(folder, 'data.csv'))
    expect(await complaint(join(folder, 'data.csv'))).toBe('data.csv: it is a folder')
  })

  it('is refused when it is a pipe, without waiting for a writer', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.csv')])
    expect(await complaint(join(folder, 'pipe.csv'))).toBe('pipe.csv: it is not a regular file')
  })

  it('is refused when it is empty', async () => {
    expect(await complaint(file('empty.csv', ''))).toBe('empty.csv: it is empty')
  })

  it('is refused above the limit, without being read', async () => {
    const path = file('huge.csv', 'a')
    truncateSync(path, 2_000_000_000)
    expect(await complaint(path, 1_000_000_000)).toBe(
      'huge.csv: 1,907.3 MiB are too much, the limit is 953.7 MiB (cli.maximum_file_mb)',
    )
  })

  it.each([
    ['NUL bytes', Buffer.from('a,b\n1\0\0\0,2\n'), 'its name says .csv, but it holds binary data'],
    [
      'a ZIP archive',
      Buffer.from([0x50, 0x4b, 3, 4, 20, 0]),
      'its name says .csv, but it is a ZIP archive, as Excel workbooks are',
    ],
    ['a Parquet file', Buffer.from('PAR1....'), 'its name says .csv, but it is a Parquet file'],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2]), 'its name says .csv, but it is a program'],
    ['UTF-16 without a mark', Buffer.from('a,b\n', 'utf16le'), 'it looks like UTF-16 without a byte order mark'],
  ])('is refused as CSV when it is %s', async (_, content, message) => {
    expect(await complaint(file('x.csv', content))).toBe(`x.csv: ${message}`)
  })

  it('is refused as Excel or Parquet when it is a text', async () => {
    expect(await complaint(file('x.xlsx', 'a,b\n'))).toBe('x.xlsx: its name says .xlsx, its content is something else')
    expect(await complaint(file('x.parquet', 'a,b\n'))).toContain('its name says .parquet')
  })

  it('is accepted with a warning in an old encoding', async () => {
    const [opened] = await openDataFiles([file('alt.csv', Buffer.from('name\nM\xfcller\n', 'latin1'))], limits(1000))
    expect(opened?.warning).toContain('read it with encoding="cp1252"')
  })

  it('W2: is accepted in UTF-16 with its mark, and in any encoding that was said', async () => {
    const marked = file('marked.csv', Buffer.from('\ufeffa,b\n', 'utf16le'))
    const plain = file('plain.csv', Buffer.from('a,b\n', 'utf16le'))
    const said = [{ file: 'plain.csv', name: 'encoding', value: 'utf-16-le' }]
    const [first, second] = await openDataFiles([marked, plain], limits(1000), said)
    expect([first?.reading.encoding, second?.reading.encoding]).toEqual([null, 'utf-16-le'])
  })

  it('D16: is a sheet of a workbook where # names one, unless a file has that name', async () => {
    const workbook = Buffer.from([0x50, 0x4b, 3, 4, 20, 0])
    const paths = [`${file('book.xlsx', workbook)}#Year #2`, file('real.xlsx#1.xlsx', workbook)]
    const opened = await openDataFiles(paths, limits(1000))
    expect(opened.map(({ name, reading }) => [name, reading.sheet])).toEqual([
      ['book.xlsx', 'Year #2'],
      ['real.xlsx#1.xlsx', null],
    ])
  })

  it('D16: may be given once for each of its sheets, and not twice', async () => {
    const path = file('book.xlsx', Buffer.from([0x50, 0x4b, 3, 4, 20, 0]))
    expect(await openDataFiles([`${path}#a`, `${path}#b`], limits(8))).toHaveLength(2)
    await expect(openDataFiles([`${path}#a`, `${path}#a`], limits(8))).rejects.toThrow('it is given twice')
  })

  it('S3: is refused when it is a link to an endless device, without being read', async () => {
    symlinkSync('/dev/zero', join(folder, 'endless.csv'))
    expect(await complaint(join(folder, 'endless.csv'))).toBe('endless.csv: it is not a regular file')
  })

  it('is accepted when a character is cut at the end of what was looked at', async () => {
    const text = `${'a'.repeat(64 * 1024 - 1)}ü\n`
    const [opened] = await openDataFiles([file('long.csv', text)], limits(100_000))
    expect(opened?.warning).toBeNull()
  })

  it('is refused under a name that cannot be used in a sandbox', async () => {
    expect(await complaint(file('.hidden.csv', 'a'))).toContain('its name cannot be used in a sandbox')
    expect(await complaint(file('a\nb.csv', 'a'))).toContain('its name cannot be used in a sandbox')
  })

  it('is refused when it does not fit beside the others', async () => {
    const paths = [file('a.csv', 'a'.repeat(600)), file('b.csv', 'b'.repeat(600))]
    await expect(openDataFiles(paths, limits(1000))).rejects.toMatchObject({
      code: 'invalid-file',
      message: 'a.csv, b.csv: 1,200 bytes are too much, the limit is 1,000 bytes (sandbox.limits.data_mb)',
      advice: expect.stringContaining('raise sandbox.limits.data_mb'),
    })
  })

  it('may be as large as the least of the limits, or what was asked for', () => {
    const config = createConfigSchema('/state', '/secrets').parse({})
    expect(dataLimits(config)).toEqual({
      file: { bytes: 256 * 1024 * 1024, setting: 'sandbox.limits.file_mb' },
      total: { bytes: 512 * 1024 * 1024, setting: 'sandbox.limits.data_mb' },
    })
    expect(dataLimits(config, { data_mb: 8, file_mb: 64 })).toMatchObject({
      file: { bytes: 8 * 1024 * 1024, setting: 'sandbox.limits.data_mb' },
      total: { bytes: 8 * 1024 * 1024 },
    })
  })

  it('is refused when another has the same name', async () => {
    mkdirSync(join(folder, 'b'))
    const paths = [file('a.csv', 'a'), file('b/a.csv', 'a')]
    await expect(openDataFiles(paths, limits(1000))).rejects.toThrow('two files are named a.csv')
  })
})
