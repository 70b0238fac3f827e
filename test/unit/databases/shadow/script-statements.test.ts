import { describe, expect, it } from 'vitest'
import { isExpendable, isNeeded, scriptStatements } from '../../../../src/databases/shadow/script-statements.ts'

const texts = (script: string): string[] => scriptStatements(script).map(({ text }) => text.trim())

describe('a script of DDL', () => {
  it('is cut at semicolons, and an empty statement is none', () => {
    expect(texts('SELECT 1; ;\n-- only a comment\n;SELECT 2')).toEqual(['SELECT 1', 'SELECT 2'])
  })

  it.each([
    "SELECT 'a;b'';c'",
    String.raw`SELECT E'a\';b', 'c'`,
    'SELECT "a;""b"',
    'SELECT $$a;b$$, $x$;$$;$x$',
    'SELECT 1 -- a;b\n',
    'SELECT /* a; /* b; */ c; */ 1',
    'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END',
    "SELECT tail'x;y'",
  ])('is not cut inside %s', (statement) => {
    expect(texts(`${statement};SELECT 2`)).toEqual([statement.trim(), 'SELECT 2'])
  })

  it('leaves out the lines of psql and the rows of COPY', () => {
    const dump =
      '\\restrict x\nSET a = 1;\nCOPY t (a) FROM stdin;\n1\tit\'s; "odd"\n\\.\n\nCREATE TABLE u (a int);\n\\unrestrict x\n'
    expect(texts(dump)).toEqual(['SET a = 1', 'COPY t (a) FROM stdin', 'CREATE TABLE u (a int)'])
  })

  it('tells where each statement stands', () => {
    const script = 'SELECT 1;\n  CREATE TABLE t (a int)'
    expect(scriptStatements(script).map(({ offset }) => offset)).toEqual([0, 9])
  })

  it('can do without owners, privileges and rows, and not without tables', () => {
    const kinds = (text: string) => {
      const statement = { text: `-- Name: x\n${text}`, offset: 0 }
      return [isNeeded(statement), isExpendable(statement)]
    }
    expect(kinds('ALTER TABLE public.t OWNER TO somebody')).toEqual([true, true])
    expect(kinds('GRANT SELECT ON t TO somebody')).toEqual([true, true])
    expect(kinds('CREATE UNIQUE INDEX i ON t (a)')).toEqual([true, true])
    expect(kinds('INSERT INTO t VALUES (1)')).toEqual([false, false])
    expect(kinds('CREATE TABLE t (a citext)')).toEqual([true, false])
    expect(kinds('ALTER TABLE t ADD COLUMN owner text')).toEqual([true, false])
    expect(kinds('CREATE VIEW v AS SELECT 1')).toEqual([true, false])
  })
})
