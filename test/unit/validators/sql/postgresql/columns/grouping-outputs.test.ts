import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { groupingOutputs } from '../../../../../../src/validators/sql/postgresql/columns/grouping-outputs.ts'
import { findProtectedCalls } from '../../../../../../src/validators/sql/postgresql/columns/protected-calls.ts'
import { printCanonical } from '../../../../../../src/validators/sql/postgresql/grammar/canonical.ts'
import { findRelations } from '../../../../../../src/validators/sql/postgresql/names/relations.ts'
import { createFakeCatalog } from '../../../../../support/sql/fake-shadow.ts'
import { selectOf } from '../../../../../support/sql/visits.ts'

const catalog = createFakeCatalog({
  staff: { id: 'integer', team: 'text', site: 'text', tags: 'text[]', pay: 'numeric' },
  teams: { id: 'integer', team: 'text', head: 'text' },
})
const staff = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
const policy = bindPolicy(sqlPolicyOptions.parse({ relations: { staff, teams: '*' } }), catalog)

/** The outputs that remain, as the list of a SELECT, or why there are none. */
function kept(sql: string): string {
  const select = selectOf(sql)
  const { uses } = findRelations(select, policy)
  const grouping = groupingOutputs(select, { calls: findProtectedCalls(select, uses).calls, uses })
  if ('reason' in grouping) return grouping.reason
  const printed = printCanonical({ ...selectOf('SELECT 1'), targetList: grouping.outputs }, () => true)
  return 'finding' in printed ? printed.finding.message : printed.text.replace(/^SELECT /, '')
}

const decides = 'may not decide which rows are aggregated.'
const multiplies = /^may not be grouped beside a function that returns several rows/

describe('the outputs that GROUP BY may name', () => {
  it.each([
    ['SELECT team, site, sum(pay) FROM staff GROUP BY team', 'team, NULL AS nothing, NULL AS nothing'],
    ['SELECT team AS t, sum(pay) FROM staff GROUP BY t', 'team AS t, NULL AS nothing'],
    ['SELECT team AS t, sum(pay) FROM staff GROUP BY team', 'NULL AS nothing, NULL AS nothing'],
    ['SELECT sum(pay), upper(team) FROM staff GROUP BY 2', 'NULL AS nothing, upper(team)'],
    ['SELECT sum(pay), upper(team) FROM staff GROUP BY upper', 'NULL AS nothing, upper(team)'],
    ['SELECT coalesce(team, site), sum(pay) FROM staff GROUP BY "coalesce"', 'COALESCE(team, site), NULL AS nothing'],
    [
      'SELECT CASE WHEN team = site THEN 1 END, sum(pay) FROM staff GROUP BY "case"',
      'CASE WHEN team = site THEN 1 END, NULL AS nothing',
    ],
    [
      'SELECT CASE WHEN true THEN 1 ELSE site END, sum(pay) FROM staff GROUP BY site',
      'CASE WHEN true THEN 1 ELSE site END, NULL AS nothing',
    ],
    ['SELECT team::date, sum(pay) FROM staff GROUP BY team', 'team::date, NULL AS nothing'],
    ["SELECT '2024-01-01'::date, sum(pay) FROM staff GROUP BY date", "'2024-01-01'::date, NULL AS nothing"],
    ['SELECT s.team, sum(pay) FROM staff s GROUP BY team', 's.team, NULL AS nothing'],
    ['SELECT team, sum(pay) FROM staff s GROUP BY s.team', 'NULL AS nothing, NULL AS nothing'],
    ['SELECT team, site, sum(pay) FROM staff GROUP BY GROUPING SETS ((team), (site))', 'team, site, NULL AS nothing'],
    ['SELECT team, site, sum(pay) FROM staff GROUP BY ROLLUP (1)', 'team, NULL AS nothing, NULL AS nothing'],
    ['SELECT *, sum(pay) FROM teams, staff GROUP BY 3', '*, NULL AS nothing'],
    ['SELECT teams.*, sum(pay) FROM teams, staff GROUP BY 3', 'teams.*, NULL AS nothing'],
    ['SELECT rank() OVER () AS r, sum(pay) FROM staff GROUP BY r', 'NULL AS nothing, NULL AS nothing'],
    [
      'SELECT (SELECT sum(id) FROM teams) AS r, sum(pay) FROM staff GROUP BY r',
      '(SELECT sum(id) FROM teams) AS r, NULL AS nothing',
    ],
    [
      'SELECT team AS nothing, site, sum(pay) FROM staff GROUP BY nothing',
      'team AS nothing, NULL AS nothing_, NULL AS nothing_',
    ],
    [
      'SELECT *, upper(s.team) AS t, sum(pay) FROM teams, staff s GROUP BY t',
      'NULL AS nothing, upper(s.team) AS t, NULL AS nothing',
    ],
    ['SELECT team, sum(pay) FROM staff', 'NULL AS nothing, NULL AS nothing'],
  ])('are left, and nulls in the place of the others: %s', (sql, outputs) => {
    expect(kept(sql)).toBe(outputs)
  })

  it.each([
    'SELECT (SELECT sum(pay) FROM staff) AS s, sum(pay) FROM staff GROUP BY s',
    'SELECT (SELECT sum(pay) FROM staff), sum(pay) FROM staff GROUP BY 1',
  ])('are none where one of them is made of protected values: %s', (sql) => {
    expect(kept(sql)).toBe(decides)
  })

  it.each([
    ['SELECT unnest(tags), sum(pay) FROM staff GROUP BY 1', 'unnest(tags), NULL AS nothing'],
    ['SELECT unnest(tags) AS tag, sum(pay) FROM staff GROUP BY tag', 'unnest(tags) AS tag, NULL AS nothing'],
    [
      'SELECT unnest(tags) AS tag, sum(pay) FROM staff s JOIN teams t ON true GROUP BY tag',
      'unnest(tags) AS tag, NULL AS nothing',
    ],
    ['SELECT unnest(tags) AS team, sum(pay) FROM staff GROUP BY team', multiplies],
    ['SELECT unnest(tags) AS head, sum(pay) FROM staff s JOIN teams t ON true GROUP BY head', multiplies],
    ['SELECT unnest(tags) AS ctid, sum(pay) FROM staff GROUP BY ctid', multiplies],
    ['SELECT unnest(tags) AS tag, sum(pay) FROM staff, (SELECT 1) q GROUP BY tag', multiplies],
    ['SELECT unnest(tags) AS tag, sum(pay) FROM staff, now() GROUP BY tag', multiplies],
    ['SELECT unnest(tags) AS tag, sum(pay) FROM staff JOIN (SELECT 1) q ON true GROUP BY tag', multiplies],
    ['SELECT pg_catalog.unnest(tags) AS team, sum(pay) FROM staff GROUP BY team', multiplies],
    ['SELECT own.rows(tags) AS team, sum(pay) FROM staff GROUP BY team', multiplies],
    ['SELECT *, unnest(tags), sum(pay) FROM staff GROUP BY 1', multiplies],
    [
      'SELECT upper(team) AS team, unnest(tags), sum(pay) FROM staff GROUP BY team',
      'upper(team) AS team, NULL AS nothing, NULL AS nothing',
    ],
    [
      'SELECT pg_catalog.upper(team) AS team, sum(pay) FROM staff GROUP BY team',
      'pg_catalog.upper(team) AS team, NULL AS nothing',
    ],
    [
      'SELECT (SELECT unnest(tags)) AS team, sum(pay) FROM staff GROUP BY team',
      '(SELECT unnest(tags)) AS team, NULL AS nothing',
    ],
  ])('may return several rows where the name can mean nothing else: %s', (sql, expected) => {
    expect(kept(sql)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
  })
})
