import { describe, expect, it } from 'vitest'
import { parseReading } from '../../../src/config/file-source.ts'
import type { DataFile } from '../../../src/cli/data-files.ts'
import { tableNames } from '../../../src/cli/table-names.ts'
import { verifies } from '../../support/verifies.ts'

function file(name: string, sheet: string | null = null, folder = '/data'): DataFile {
  return {
    name,
    path: `${folder}/${name}`,
    bytes: 1,
    reading: parseReading({ sheet }, 'test'),
    warning: null,
    open: () => ReadableStream.from([]),
  }
}

const names = (...files: DataFile[]): readonly string[] => tableNames(files).map(({ table }) => table)

describe('tables of files', () => {
  it('D6: are named as their files are, in every script', () => {
    verifies('files.named-tables')
    expect(names(file('销售.csv'), file('客户.csv'), file('Überblick.csv'))).toEqual(['销售', '客户', 'Überblick'])
  })

  it('D5: keep the marks of letters', () => {
    expect(names(file('ดี.csv'), file('ดู.csv'), file('हिन्दी.csv'))).toEqual(['ดี', 'ดู', 'हिन्दी'])
  })

  it('have _ for what no name without quotes can hold, and before a digit', () => {
    expect(names(file('orders 2024.csv'), file('2024.csv'), file('--x--.csv'), file('👍.csv'))).toEqual([
      'orders_2024',
      '_2024',
      '_x_',
      '_',
    ])
  })

  it('are numbered where their names would be equal, and say so', () => {
    verifies('files.equal-names')
    const tables = tableNames([file('a b.csv'), file('a-b.csv'), file('A_B.parquet'), file('a_b_2.csv')])
    expect(tables.map(({ table }) => table)).toEqual(['a_b', 'a_b_2', 'A_B_3', 'a_b_2_2'])
    expect(tables.every(({ isPlain }) => !isPlain)).toBe(true)
  })

  it('stay apart when they are long', () => {
    const long = 'x'.repeat(80)
    const [first, second] = names(file(`${long}1.csv`), file(`${long}2.csv`))
    expect([first?.length, second?.length, first === second]).toEqual([63, 63, false])
  })

  it('D16: carry the name of the sheet where several of one workbook are given', () => {
    verifies('files.named-tables')
    expect(names(file('plan.xlsx', '2024'))).toEqual(['plan'])
    expect(names(file('plan.xlsx', '2024'), file('plan.xlsx', 'Jan Feb'))).toEqual(['plan_2024', 'plan_Jan_Feb'])
  })
})
