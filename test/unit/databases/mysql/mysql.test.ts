import { describe, expect, it } from 'vitest'
import { namesIn } from '../../../../src/databases/mysql/canonical-names.ts'
import type { MysqlField } from '../../../../src/databases/mysql/connection.ts'
import { errorOfErrno } from '../../../../src/databases/mysql/errors.ts'
import { mysqlGrantScript } from '../../../../src/databases/mysql/grant-script.ts'
import { excessOfGrant } from '../../../../src/databases/mysql/prove.ts'
import { toJsonValue } from '../../../../src/databases/mysql/values.ts'

describe('what a line of SHOW GRANTS gives too much', () => {
  const allowed = ['shop.orders']

  it.each([
    ["GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*E9' WITH MAX_USER_CONNECTIONS 8", []],
    ['GRANT SELECT ON `shop`.`orders` TO `a`@`%`', []],
    ['GRANT SELECT (`id`, `total`) ON `shop`.`orders` TO `a`@`%`', []],
    ['GRANT SELECT ON `shop`.`secrets` TO `a`@`%`', ['can read shop.secrets']],
    ['GRANT SELECT ON `shop`.* TO `a`@`%`', ['can read everything in shop.*']],
    ['GRANT SELECT, INSERT (`id`, `total`) ON `shop`.`orders` TO `a`@`%`', ['has INSERT on shop.orders']],
    ['GRANT ALL PRIVILEGES ON *.* TO `a`@`%`', ['has ALL PRIVILEGES on *.*']],
    ['GRANT SELECT ON `shop`.`orders` TO `a`@`%` WITH GRANT OPTION', ['can grant what it has on shop.orders']],
    ['GRANT EXECUTE ON FUNCTION `shop`.`f` TO `a`@`%`', ['may take on another role']],
    ['GRANT `power` TO `a`@`%`', ['may take on another role']],
    ['SOMETHING ELSE', ['has a grant that cannot be read']],
  ])('%s', (line, excess) => {
    expect(excessOfGrant(line, allowed)).toEqual(excess)
  })
})

describe('the script that makes an account', () => {
  it('quotes names, and makes the account locked', () => {
    const script = mysqlGrantScript({ role: "o'brien", relations: { 'shop.or`ders': ['a`b'] }, connections: 2 })
    expect(script).toContain("CREATE USER IF NOT EXISTS 'o''brien'@'%' ACCOUNT LOCK;")
    expect(script).toContain("GRANT SELECT (`a``b`) ON `shop`.`or``ders` TO 'o''brien'@'%';")
  })

  it('keeps a name with a line break out of its comments', () => {
    const script = mysqlGrantScript({ role: 'a\nDROP DATABASE shop; --', relations: {}, connections: 1 })
    expect(script.split('\n')[0]).toContain('a?DROP?DATABASE')
  })
})

describe('errors of a MySQL server', () => {
  it('says the same of a table that is forbidden and one that is missing', () => {
    expect(errorOfErrno(1142).message).toBe(errorOfErrno(1146).message)
    expect(errorOfErrno(1143).message).toBe(errorOfErrno(1054).message)
  })

  it('has a sentence for a number it does not know', () => {
    expect(errorOfErrno(9999)).toMatchObject({ code: 'query-failed', message: expect.stringContaining('9999') })
  })
})

describe('names in a canonical text', () => {
  it('finds tables by alias and tells subqueries from them, whatever stands in texts', () => {
    const text =
      "WITH `w1` AS (SELECT `t1`.`a` AS `x` FROM `s`.`one` AS `t1` WHERE `t1`.`b` = '`s`.`two` AS `t9`') SELECT 1 FROM `w1` AS `t2`, (SELECT 1 AS `y`) AS `t3`"
    const { aliases, made } = namesIn(text)
    expect([...aliases]).toEqual([['t1', 's.one']])
    expect([...made].sort()).toEqual(['t2', 't3', 'w1'])
  })
})

describe('values of a MySQL server', () => {
  const field = (columnType: number, own: object = {}) => ({ columnType, ...own }) as MysqlField

  it.each([
    [8, '9007199254740993', '9007199254740993'],
    [8, '42', 42],
    [246, '1.50', 1.5],
    [4, Math.fround(1.1), 1.1],
    [12, '2024-02-29 12:00:00', '2024-02-29T12:00:00'],
    [7, '2024-02-29 12:00:00', '2024-02-29T12:00:00Z'],
    [16, Buffer.from([2, 170]), 682],
    [11, '-10:00:00', '-10:00:00'],
  ])('type %i: %s', (type, value, expected) => {
    expect(toJsonValue(value, field(type))).toBe(expected)
  })

  it('gives bytes as base64 and texts as texts', () => {
    expect(toJsonValue(Buffer.from([1, 255]), field(252, { characterSet: 63 }))).toBe('Af8=')
    expect(toJsonValue('ä', field(253, { characterSet: 45 }))).toBe('ä')
  })
})
