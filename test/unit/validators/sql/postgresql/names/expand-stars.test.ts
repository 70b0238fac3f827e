import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { printCanonical } from '../../../../../../src/validators/sql/postgresql/grammar/canonical.ts'
import { walkStatement } from '../../../../../../src/validators/sql/postgresql/grammar/walk.ts'
import { expandStars } from '../../../../../../src/validators/sql/postgresql/names/expand-stars.ts'
import { findRelations } from '../../../../../../src/validators/sql/postgresql/names/relations.ts'
import { createFakeCatalog } from '../../../../../support/sql/fake-shadow.ts'
import { selectOf } from '../../../../../support/sql/visits.ts'

const catalog = createFakeCatalog({
  staff: { id: 'integer', name: 'text', email: 'text', phone: 'text', pay: 'numeric' },
  teams: { id: 'integer', team: 'text' },
})
const columns = { email: { mask: 'partial' }, phone: 'deny', pay: 'aggregate-only' }
const relations = { staff: { columns, other_columns: 'allow', entity_key: 'id' }, teams: '*' }
const policy = bindPolicy(sqlPolicyOptions.parse({ relations }), catalog)

/** The text afterwards, or the rules and places of what is found. */
function expanded(sql: string): string | readonly (readonly [rule: string, offset: number])[] {
  const select = selectOf(sql)
  const findings = expandStars(walkStatement(select).visits, findRelations(select, policy).uses)
  if (findings.length > 0) return findings.map(({ rule, offset }) => [rule, offset])
  const printed = printCanonical(select, () => true)
  return 'finding' in printed ? printed.finding.message : printed.text
}

describe('a star over a table with restricted columns', () => {
  it.each([
    ['SELECT * FROM staff', 'SELECT staff.id, staff.name, staff.email FROM staff'],
    ['SELECT s.*, 1 FROM staff s', 'SELECT s.id, s.name, s.email, 1 FROM staff AS s'],
    ['SELECT t.* FROM staff s, teams t', 'SELECT t.id, t.team FROM staff AS s, teams AS t'],
    [
      'SELECT * FROM teams t JOIN staff s ON true',
      'SELECT t.id, t.team, s.id, s.name, s.email FROM teams AS t JOIN staff AS s ON true',
    ],
    [
      'SELECT s.* FROM teams t NATURAL JOIN staff s',
      'SELECT s.id, s.name, s.email FROM teams AS t NATURAL JOIN staff AS s',
    ],
    [
      'SELECT * FROM staff TABLESAMPLE system(1)',
      'SELECT staff.id, staff.name, staff.email FROM staff TABLESAMPLE system (1)',
    ],
    ['SELECT * FROM staff s, teams AS t (a, b)', 'SELECT s.id, s.name, s.email, t.* FROM staff AS s, teams AS t(a, b)'],
    ['SELECT * FROM staff s, (SELECT 1) q', 'SELECT s.id, s.name, s.email, q.* FROM staff AS s, ( SELECT 1 ) AS q'],
    ['SELECT * FROM staff s, now()', 'SELECT s.id, s.name, s.email, now.* FROM staff AS s, now()'],
    [
      'SELECT q.* FROM (SELECT * FROM staff) q',
      'SELECT q.* FROM ( SELECT staff.id, staff.name, staff.email FROM staff ) AS q',
    ],
    ['SELECT count(*), s.id FROM staff s', 'SELECT count(*), s.id FROM staff AS s'],
    [
      'SELECT * FROM staff s, json_to_record(x)',
      'SELECT s.id, s.name, s.email, json_to_record.* FROM staff AS s, json_to_record(x)',
    ],
    [
      'SELECT * FROM staff s, ROWS FROM (now(), now())',
      'SELECT s.id, s.name, s.email, now.* FROM staff AS s, ROWS FROM (now(), now())',
    ],
    ['SELECT u.* FROM staff s', 'SELECT u.* FROM staff AS s'],
  ])('is what may be shown of it: %s', (sql, text) => {
    expect(expanded(sql)).toBe(text)
  })

  it.each([
    'SELECT * FROM teams',
    'SELECT * FROM teams NATURAL JOIN teams AS u',
    'SELECT * FROM teams AS t(a, b)',
    'SELECT * FROM (teams JOIN teams AS u ON true) j',
  ])('stays as it is where no table is restricted: %s', (sql) => {
    expect(expanded(sql)).toBe(sql)
  })

  it.each([
    ['SELECT * FROM staff NATURAL JOIN teams', [['sql/star-not-expandable', 7]]],
    ['SELECT 1, * FROM staff JOIN teams USING (id)', [['sql/star-not-expandable', 10]]],
    ['SELECT 1 FROM staff AS s (a, b)', [['sql/columns-renamed', 14]]],
    ['SELECT 1 FROM (staff JOIN teams ON true) AS j', [['sql/columns-renamed', 0]]],
    ['SELECT 1 FROM teams JOIN staff USING (id) AS j', [['sql/columns-renamed', 0]]],
    [
      'SELECT 1 FROM (teams JOIN (staff TABLESAMPLE system(1) JOIN teams AS u ON true) ON true) AS j',
      [['sql/columns-renamed', 0]],
    ],
  ])('is refused where it cannot be told what it shows: %s', (sql, found) => {
    expect(expanded(sql)).toEqual(found)
  })
})
