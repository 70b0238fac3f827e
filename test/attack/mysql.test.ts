import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import { createMysqlGate } from '../../src/validators/sql/mysql/gate.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { examineShop, shopCatalog, shopPolicy } from '../support/sql/mysql-gate.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { verdictLines } from '../support/sql/verdict-lines.ts'
import { verifies } from '../support/verifies.ts'

const rows = sqlAttackRows('mysql')

function describeExamination(sql: string): string {
  const examined = examineShop(sql)
  return examined.kind === 'translated'
    ? 'allow'
    : examined.findings.map((finding) => `${finding.rule}: ${finding.message}`).join(' | ')
}

describe('the gate of MySQL sources', () => {
  it.each([...new Set(rows.map((row) => row.group))])('gives every statement its verdict: %s', (group) => {
    verifies('mysql.attacks')
    const wrong = rows
      .filter((row) => row.group === group)
      .flatMap((row) => {
        const said = describeExamination(row.sql)
        const isRight = row.expect === 'allow' ? said === 'allow' : said !== 'allow' && said.includes(row.rule ?? '')
        return isRight ? [] : [`${row.expect} ${row.rule ?? ''}: ${row.sql.slice(0, 200)} → ${said}`]
      })
    expect(wrong).toEqual([])
  })

  it('gives every statement the text or the findings that were recorded', async () => {
    const policy = bindPolicy(sqlPolicyOptions.parse(shopPolicy), shopCatalog)
    await using gate = createMysqlGate({ source: 'shop', catalog: shopCatalog, policy })
    await expect(await verdictLines(gate, rows)).toMatchFileSnapshot('./mysql-verdicts.jsonl')
  })

  it('says the same of what is denied and what is missing', () => {
    const templates = [
      'SELECT NAME FROM customers',
      'SELECT c.NAME FROM customers c',
      'SELECT * FROM NAME',
      'SELECT NAME()',
    ]
    const pairs = [
      ['phone', 'phonx'],
      ['phone', 'phonx'],
      ['secrets', 'secretz'],
      ['secdef_read', 'secdef_rood'],
    ]
    templates.forEach((template, index) => {
      const [denied, missing] = (pairs[index] ?? []).map((name) =>
        describeExamination(template.replace('NAME', name)).replaceAll(name, 'NAME'),
      )
      expect(denied).toBe(missing)
      expect(denied).not.toBe('allow')
    })
  })
})
