import type { RoleProof } from '../database.ts'
import { MysqlError } from './errors.ts'
import type { MysqlConnection } from './connection.ts'

const selectOnly = /^SELECT(?: \([^)]*\))?$/i
const grantLine = /^GRANT (.+?) ON (?:TABLE )?(\*|`[^`]*`)\.(\*|`[^`]*`) TO /is

/** What a line of SHOW GRANTS gives beyond reading what policy names, as sentences that begin with a verb. */
export function excessOfGrant(line: string, allowed: readonly string[] | null): string[] {
  const match = grantLine.exec(line)
  if (match === null)
    return [/^GRANT .* TO /is.test(line) ? 'may take on another role' : 'has a grant that cannot be read']
  const [, privileges = '', schema = '', name = ''] = match
  const place = `${schema}.${name}`.replaceAll('`', '')
  // Commas within the brackets of a column list do not part privileges.
  const items = privileges.split(/,\s*(?![^(]*\))/)
  const isOne = schema !== '*' && name !== '*'
  const excess = items
    .filter((item) => !selectOnly.test(item.trim()) && item.trim().toUpperCase() !== 'USAGE')
    // The right of SHOW VIEW is needed: it shows what is behind a view, which its rules are taken from.
    .filter((item) => !isOne || item.trim().toUpperCase() !== 'SHOW VIEW')
    .map(
      (item) =>
        `has ${item
          .replace(/\(.*\)/s, '')
          .trim()
          .toUpperCase()} on ${place}`,
    )
  const reads = items.some((item) => selectOnly.test(item.trim()))
  if (reads && (schema === '*' || name === '*')) excess.push(`can read everything in ${place}`)
  else if (reads && allowed !== null && !allowed.includes(place)) excess.push(`can read ${place}`)
  if (/WITH (?:.* )?GRANT OPTION/is.test(line)) excess.push(`can grant what it has on ${place}`)
  return excess
}

interface Attempt {
  readonly statement: string
  readonly excess: string
  /** Does the answer show that the attempt worked? For attempts that answer instead of failing. */
  readonly worked?: (answer: unknown) => boolean
  /** Privileges are looked at before what else may be in the way: any other refusal means that there is one. */
  readonly isPrivilegeFirst?: true
}

/** Tried for real, in a transaction that is rolled back, and such that even success changes nothing. */
function attemptsOn(relation: string | null): Attempt[] {
  const schema = relation?.split('.')[0]
  const quoted = relation
    ?.split('.')
    .map((part) => `\`${part}\``)
    .join('.')
  return [
    ...(relation === null
      ? []
      : [
          { statement: `DELETE FROM ${quoted} WHERE FALSE`, excess: `can delete from ${relation}` },
          {
            statement: `INSERT INTO ${quoted} SELECT * FROM ${quoted} WHERE FALSE`,
            excess: `can write to ${relation}`,
          },
          {
            statement: `CREATE TEMPORARY TABLE \`${schema}\`.sallyport_proof (a int)`,
            excess: 'created a temporary table',
          },
          { statement: `LOCK TABLES ${quoted} WRITE`, excess: `can lock ${relation}` },
        ]),
    { statement: 'SELECT 1 FROM mysql.user LIMIT 1', excess: "can read the server's accounts" },
    {
      statement: "SELECT 1 INTO OUTFILE '/nonexistent/sallyport-proof'",
      excess: 'can write files on the server',
      isPrivilegeFirst: true,
    },
    {
      statement: "SELECT LOAD_FILE('/etc/passwd')",
      excess: 'can read files on the server',
      worked: (answer) => answer !== null,
    },
    { statement: 'SET GLOBAL max_connections = @@GLOBAL.max_connections', excess: 'can change settings of the server' },
    {
      statement:
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND USER <> SUBSTRING_INDEX(CURRENT_USER(), '@', 1)",
      excess: 'can see what other accounts run',
      worked: (answer) => Number(answer) > 0,
    },
  ]
}

/** Refusals by privilege; any other failure means that only circumstances were in the way. */
const denials = new Set([1044, 1045, 1142, 1143, 1227, 1290, 1370, 1698])
const readOnlyOrRestricted = 1290

/** What the connected account can do beyond reading what it may. Leaves nothing behind. */
export async function proveRole(connection: MysqlConnection, allowed: readonly string[] | null): Promise<RoleProof> {
  const excess: string[] = []
  const grants = await connection.run('SHOW GRANTS')
  for (const [line] of grants.rows) excess.push(...excessOfGrant(String(line), allowed))
  const visible = await connection.run(`
    SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES
    WHERE TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys') ORDER BY 1 LIMIT 2000`)
  const names = visible.rows.map(([name]) => String(name))
  // What is visible includes what is granted to everybody, which SHOW GRANTS leaves out.
  if (allowed !== null) {
    const others = names.filter((name) => !allowed.includes(name)).map((name) => `can see ${name}`)
    excess.push(...others.filter((line) => !excess.includes(line.replace('can see', 'can read'))).slice(0, 20))
  }
  const attempted: string[] = []
  const target = names.find((name) => allowed === null || allowed.includes(name)) ?? null
  for (const attempt of attemptsOn(target)) if (await works(connection, attempt)) attempted.push(attempt.excess)
  const [facts] = (await connection.run('SELECT CURRENT_USER(), @@GLOBAL.read_only')).rows
  const all = [...new Set([...excess, ...attempted])]
  return {
    role: String(facts?.[0] ?? ''),
    inRecovery: Number(facts?.[1]) === 1,
    excess: all,
  }
}

async function works(connection: MysqlConnection, attempt: Attempt): Promise<boolean> {
  const { statement, worked, isPrivilegeFirst } = attempt
  await connection.run('START TRANSACTION')
  try {
    const { rows } = await connection.run(statement)
    return worked === undefined || worked(rows[0]?.[0] ?? null)
  } catch (error) {
    if (!(error instanceof MysqlError)) throw error
    return !denials.has(error.errno) || (isPrivilegeFirst === true && error.errno === readOnlyOrRestricted)
  } finally {
    // The connection is reset afterwards, which drops temporary tables and locks.
    await connection.run('ROLLBACK')
  }
}
