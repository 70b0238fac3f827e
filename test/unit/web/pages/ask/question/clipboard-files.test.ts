import { describe, expect, it } from 'vitest'
import { filesOfPaste } from '../../../../../../src/web/pages/ask/question/clipboard-files.ts'

const pasted = (types: Readonly<Record<string, string>>, files: readonly File[] = []) =>
  filesOfPaste({ files, getData: (type) => types[type] ?? '' })

const picture = new File(['png'], 'image.png')
const cells = '<meta charset="utf-8"><table><tr><td>a</td></tr></table>'

describe('what is pasted', () => {
  it('is files where files were copied', () => {
    const file = new File(['a'], 'a.csv')
    expect(pasted({}, [file])).toEqual({ files: [file], isTable: false })
  })

  it('is one file where cells of a spreadsheet were copied, which come with a picture of them', async () => {
    const words = 'region\tnote\r\nnorth\t"two\r\nlines"\r\nsouth\tx\r\n'
    const { files, isTable } = pasted({ 'text/plain': words, 'text/html': cells }, [picture])
    expect(isTable).toBe(true)
    expect(files.map(({ name }) => name)).toEqual(['pasted-table.tsv'])
    expect(await files[0]?.text()).toBe(words)
  })

  it.each([
    ['words', { 'text/plain': 'How many?' }],
    ['words with tabs that are no table', { 'text/plain': 'a\tb\n1\t2' }],
    ['one cell', { 'text/plain': '12\r\n', 'text/html': cells }],
    ['one row', { 'text/plain': 'a\tb\r\n', 'text/html': cells }],
    ['a page with a table in it', { 'text/plain': 'Dear all,\n\nsee\na\tb\n', 'text/html': cells }],
  ])('is %s where it goes', (_, types) => {
    expect(pasted(types, [picture]).files).toEqual([])
  })
})
