import { describe, expect, it } from 'vitest'
import { findNames, indexNames } from '../../../../src/filters/leak/hidden-names.ts'

const hidden = indexNames(['crm.cust_mstr_01', 'hr.salary', 'abc', '_rowkey9', 'x'.repeat(130), 'code'])
const told = (text: string) =>
  findNames(text, hidden).map(({ start, end, score }) => `${text.slice(start, end)} ${score}`)

describe('hidden names', () => {
  it.each([
    ['The table cust_mstr_01 has them.', ['cust_mstr_01 0.9']],
    ['cust_mstr_01', ['cust_mstr_01 0.9']],
    ['CUST_MSTR_01, Salary', ['CUST_MSTR_01 0.9', 'Salary 0.3']],
    ['10_rtsm_tsuc and phfg_zfge_01', ['10_rtsm_tsuc 0.9', 'phfg_zfge_01 0.9']],
    ['key _rowkey9!', ['_rowkey9 0.9']],
    ['Your salary grows.', ['salary 0.3']],
    ['It is `salary` there.', ['salary 0.7']],
    ['It is `salary there.', ['salary 0.3']],
    ['It is salary` there.', ['salary 0.3']],
    ['p.salary', ['salary 0.7']],
    ['salary.amount', ['salary 0.7']],
    ['About salary. Then more.', ['salary 0.3']],
    ['More .salary of it', ['salary 0.3']],
    ['a code', ['code 0.3']],
    ['my_cust_mstr_01 and cust_mstr_012', []],
    ['abc', []],
    ['x'.repeat(130), []],
  ])('stand in %j', (text, expected) => {
    expect(told(text)).toEqual(expected)
  })

  it('are known by each part of a path, and the surest of two that are written alike counts', () => {
    expect([...indexNames(['a.salary', 'salary']).scores.values()]).toEqual([0.3])
    const { scores } = indexNames(['yraL9as', 'sa9Lary'])
    expect(new Set(scores.values())).toEqual(new Set([0.9]))
    expect(told('crm')).toEqual([])
  })
})
