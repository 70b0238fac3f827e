import { type Description, type Session, StatementError } from '../session.ts'
import { analysisSettings, defaultPath, type FilledShadow } from './analyze.ts'
import { createTypePrinter, readNames } from './names.ts'

/** What a statement fails with where something it names is made by a later one: a type, a table, a function. */
const namesLater = new Set(['42704', '42P01', '42883'])

/**
 * Makes a schema without rows. What names something that comes later, as a column of a later table's row type does, is
 * tried again. Answers the statements that failed: what they would have made does not resolve.
 */
export async function fillSchema(session: Session, schema: readonly string[]): Promise<string[]> {
  await session.run('SET check_function_bodies = off')
  await session.run(`SET search_path = ''`)
  const failed: string[] = []
  let waiting = schema
  for (let before = Infinity; waiting.length > 0 && waiting.length < before;) {
    before = waiting.length
    const later: string[] = []
    for (const statement of waiting) {
      const sqlstate = await session.run(statement).then(() => null, sqlstateOf)
      if (sqlstate !== null) (namesLater.has(sqlstate) ? later : failed).push(statement)
    }
    waiting = later
  }
  return [...failed, ...waiting]
}

function sqlstateOf(error: unknown): string {
  if (error instanceof StatementError) return error.sqlstate
  throw error
}

/** Reads the names of a filled schema and makes its session one that answers with analyzed trees. */
export async function prepareAnalysis(
  session: Session,
  describe: (statement: string) => Promise<Description>,
): Promise<FilledShadow> {
  const search = async (schemas: readonly string[]): Promise<void> => {
    // pg_temp would be searched first for relations if it were not named.
    const path = [...schemas.map((schema) => `"${schema.replaceAll('"', '""')}"`), 'pg_temp']
    await session.run(`SET search_path = ${path.join(', ')}`)
  }
  const names = await readNames(session)
  await search(defaultPath)
  for (const statement of analysisSettings) await session.run(statement)
  return { describe, search, names, printType: createTypePrinter(session) }
}
