import { describe, expect, it } from 'vitest'
import type { Catalog, CatalogRelation } from '../../../../../src/core/catalog.ts'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { verifies } from '../../../../support/verifies.ts'

function relation(
  name: string,
  columns: readonly string[],
  more: Partial<Pick<CatalogRelation, 'kind' | 'definition'>> = {},
): CatalogRelation {
  const described = columns.map((column) => ({ name: column, type: 'text', nullable: true, comment: null }))
  return { schema: 'shop', name, kind: 'table', comment: null, estimatedRows: null, columns: described, ...more }
}

const view = (name: string, columns: readonly string[], definition: string | null): CatalogRelation =>
  relation(name, columns, { kind: 'view', definition })

const tables = [relation('staff', ['id', 'team', 'email', 'phone']), relation('teams', ['id', 'name'])]
const staff = { columns: { email: { mask: 'partial' }, phone: 'deny' }, other_columns: 'allow' }

function rulesOf(views: readonly CatalogRelation[], policy: object = { staff, teams: '*' }): Record<string, string> {
  const relations = { ...policy, ...Object.fromEntries(views.map(({ name }) => [name, '*'])) }
  const catalog: Catalog = {
    dialect: { name: 'mysql', major: 10 },
    fingerprint: 'views',
    schemaStatements: [],
    relations: [...tables, ...views],
  }
  const bound = bindPolicy(sqlPolicyOptions.parse({ search_path: ['shop'], relations }), catalog).relations
  return Object.fromEntries(
    views.flatMap(({ name }) =>
      [...(bound.get(`shop.${name}`)?.columns ?? [])].map(([column, rule]) => [`${name}.${column}`, rule.kind]),
    ),
  )
}

const column = (name: string): string => `\`s\`.\`${name}\``
const from = 'from `shop`.`staff` `s`'

describe('a view of a MySQL or MariaDB source', () => {
  it('has texts of its own, in which the word for its tables means nothing', () => {
    expect(
      rulesOf([view('v', ['c', 'd'], `select 'from' AS \`c\`,concat('a',${column('email')}) AS \`d\` ${from}`)]),
    ).toEqual({
      'v.c': 'allow',
      'v.d': 'deny',
    })
  })

  it('L6: has each column as it is behind it, and denies what is computed from a restricted one', () => {
    verifies('mysql.views')
    const query = `select ${column('id')} AS \`id\`,${column('email')} AS \`mail\`,ucase(${column('phone')}) AS \`p\`,concat(${column('team')},${column('id')}) AS \`c\`,concat(${column('email')}) AS \`e\` ${from}`
    expect(rulesOf([view('v', ['id', 'mail', 'p', 'c', 'e'], query)])).toEqual({
      'v.id': 'allow',
      'v.mail': 'mask',
      'v.p': 'deny',
      'v.c': 'allow',
      'v.e': 'deny',
    })
  })

  it('L6: is followed through views and joins, as both servers write them, by names in any case', () => {
    const inner = view('v', ['id', 'e'], `select ${column('ID')} AS \`id\`,${column('Email')} AS \`e\` ${from}`)
    const mariadb =
      'select `a`.`e` AS `e`,`t`.`name` AS `n` from (`shop`.`v` `a` join `shop`.`teams` `t` on(`a`.`id` = `t`.`id`))'
    const mysql =
      'select `shop`.`a`.`e` AS `e`,`t`.`name` AS `n` from (`shop`.`v` `a` left join `shop`.`teams` `t` on((`shop`.`a`.`id` = `t`.`id`)))'
    for (const query of [mariadb, mysql]) {
      expect(rulesOf([inner, view('w', ['e', 'n'], query)])).toMatchObject({ 'w.e': 'mask', 'w.n': 'allow' })
    }
  })

  it.each([
    ['WHERE', `select ${column('id')} AS \`id\` ${from} where ${column('email')} like 'a%'`],
    ['ORDER BY', `select ${column('id')} AS \`id\` ${from} order by ${column('phone')}`],
    ['GROUP BY', `select max(${column('id')}) AS \`id\` ${from} group by ${column('email')}`],
    [
      'a join',
      `select ${column('id')} AS \`id\` from (\`shop\`.\`staff\` \`s\` join \`shop\`.\`teams\` \`t\` on(\`t\`.\`name\` = ${column('phone')}))`,
    ],
    [
      'ORDER BY its name, in another case',
      `select ${column('id')} AS \`id\`,${column('email')} AS \`E\` ${from} order by \`e\``,
    ],
    ['HAVING', `select ${column('id')} AS \`id\` ${from} having trim(both 'x' from ${column('phone')}) > ''`],
  ])('L6: is denied where it chooses its rows by a restricted column in %s', (_claim, query) => {
    expect(rulesOf([view('v', ['id'], query)])).toEqual({ 'v.id': 'deny' })
  })

  it('L6: is followed where it sorts by its own output, in any case', () => {
    const plain = `select ${column('id')} AS \`Id\`,${column('email')} AS \`e\` ${from} order by \`ID\``
    expect(rulesOf([view('v', ['Id', 'e'], plain)])).toEqual({ 'v.Id': 'allow', 'v.e': 'mask' })
  })

  it('L6: is denied where DISTINCT compares a restricted column', () => {
    const query = `select distinct ${column('id')} AS \`id\`,${column('email')} AS \`e\` ${from}`
    expect(rulesOf([view('v', ['id', 'e'], query)])).toEqual({ 'v.id': 'deny', 'v.e': 'deny' })
  })

  it.each([
    ['a view whose query is not shown', view('v', ['id'], null)],
    [
      'a subquery',
      view('v', ['id'], 'select `d`.`id` AS `id` from (select `s`.`email` AS `id` from `shop`.`staff` `s`) `d`'),
    ],
    [
      'a union',
      view(
        'v',
        ['id'],
        `select ${column('id')} AS \`id\` ${from} union select ${column('email')} AS \`email\` ${from}`,
      ),
    ],
    ['a function of the database', view('v', ['id'], `select \`shop\`.\`mail_of\`(${column('id')}) AS \`id\` ${from}`)],
    ['a literal with a backslash', view('v', ['id'], `select concat('\\\\'',${column('id')}) AS \`id\` ${from}`)],
    ['names in double quotes', view('v', ['id'], 'select "s"."email" AS "id" from "shop"."staff" "s"')],
    [
      'a view over such a view',
      [view('v', ['id'], null), view('w', ['id'], 'select `v`.`id` AS `id` from `shop`.`v`')],
    ],
    ['a table that shows rows of others', relation('v', ['id'], { kind: 'foreign-table' })],
  ])('L6: is refused at the start, with what to do, where it is %s', (_claim, given) => {
    const views = Array.isArray(given) ? given : [given]
    expect(() => rulesOf(views)).toThrow(
      /"v" .*(GRANT SHOW VIEW on it .*, or name|name) the columns it may show one by one/,
    )
    // Where nothing is restricted there is nothing to follow.
    expect(Object.values(rulesOf(views, { staff: '*' }))).toEqual(views.map(() => 'allow'))
  })

  it('L6: shows what the policy names, and what comes from tables the policy does not name', () => {
    const catalog = [...tables, view('v', ['id', 'phone'], null)]
    const relations = { staff, v: ['phone'] }
    const facts = { dialect: { name: 'mysql', major: 10 }, fingerprint: '', schemaStatements: [] } as const
    const bound = bindPolicy(sqlPolicyOptions.parse({ search_path: ['shop'], relations }), {
      ...facts,
      relations: catalog,
    })
    expect([...(bound.relations.get('shop.v')?.columns.values() ?? [])].map(({ kind }) => kind)).toEqual([
      'deny',
      'allow',
    ])
    const other = 'select `t`.`name` AS `n` from `shop`.`teams` `t` where `t`.`name` > 0'
    expect(rulesOf([view('v', ['n'], other)], { staff })).toEqual({ 'v.n': 'allow' })
  })

  it('L6: is followed whatever the case in which the server keeps the names of tables and views', () => {
    const inner = view('Inner', ['e'], `select ${column('email')} AS \`e\` from \`SHOP\`.\`Staff\` \`s\``)
    const outer = view('outer', ['e'], 'select `i`.`E` AS `e` from `shop`.`inner` `i`')
    expect(rulesOf([inner, outer])).toEqual({ 'Inner.e': 'mask', 'outer.e': 'mask' })
    const hidden = view('Hidden', ['id'], null)
    const over = view('over', ['id'], 'select `h`.`id` AS `id` from `SHOP`.`hidden` `h`')
    expect(() => rulesOf([hidden, over])).toThrow(/"Hidden" .*; .*"over"/)
  })

  it('L6: is followed where another view between them has nothing restricted', () => {
    const plain = view('plain', ['n'], 'select `t`.`name` AS `n` from `shop`.`teams` `t`')
    const both =
      'select `s`.`email` AS `e`,`p`.`n` AS `n`,concat(`p`.`n`,coalesce(`p`.`n`,`s`.`team`)) AS `c` from (`shop`.`staff` `s` join `shop`.`plain` `p` on(`p`.`n` = `s`.`team`))'
    expect(rulesOf([plain, view('v', ['e', 'n', 'c'], both)])).toEqual({
      'plain.n': 'allow',
      'v.e': 'mask',
      'v.n': 'allow',
      'v.c': 'allow',
    })
  })

  it('L6: is refused where two read each other', () => {
    const one = view('one', ['e'], 'select `b`.`e` AS `e` from `shop`.`two` `b`')
    const two = view('two', ['e'], 'select `a`.`e` AS `e` from `shop`.`one` `a`')
    expect(() => rulesOf([one, two])).toThrow(/"one" .*; .*"two"/)
  })

  it('L6: shows the columns it has from tables, where another is of a view that cannot be followed', () => {
    const hidden = view('hidden', ['id'], null)
    const both = 'select `t`.`name` AS `n`,`h`.`id` AS `i` from (`shop`.`teams` `t` join `shop`.`hidden` `h`)'
    const catalog: Catalog = {
      dialect: { name: 'mysql', major: 10 },
      fingerprint: 'views',
      schemaStatements: [],
      relations: [...tables, hidden, view('v', ['n', 'i'], both)],
    }
    const relations = { staff, teams: '*', hidden: ['id'], v: '*' }
    const bound = bindPolicy(sqlPolicyOptions.parse({ search_path: ['shop'], relations }), catalog).relations
    expect([...(bound.get('shop.v')?.columns ?? [])].map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
      'n allow',
      'i allow',
    ])
    const closed = { staff, teams: '*', v: '*' }
    const narrow = bindPolicy(sqlPolicyOptions.parse({ search_path: ['shop'], relations: closed }), catalog).relations
    expect([...(narrow.get('shop.v')?.columns ?? [])].map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
      'n allow',
      'i deny',
    ])
  })

  it('L6: denies a column of a table of the policy that the account is not shown', () => {
    expect(rulesOf([view('v', ['id'], `select ${column('hidden')} AS \`id\` ${from}`)])).toEqual({ 'v.id': 'deny' })
  })
})
