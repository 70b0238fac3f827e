import { type Description, type Session, StatementError } from '../session.ts'
import { analysisSettings, type FilledShadow } from './analyze.ts'
import { createTypePrinter, readNames } from './names.ts'

/** The path the databases run statements with: what a statement leaves without a schema resolves to the same here. */
const searchPath = 'SET search_path = public, pg_temp'

/** Makes a schema without rows. Answers the statements that failed: what they would have made does not resolve. */
export async function fillSchema(session: Session, schema: readonly string[]): Promise<string[]> {
  const failed: string[] = []
  await session.run('SET check_function_bodies = off')
  await session.run(`SET search_path = ''`)
  for (const statement of schema) {
    await session.run(statement).catch((error: unknown) => {
      if (!(error instanceof StatementError)) throw error
      failed.push(statement)
    })
  }
  return failed
}

/** Reads the names of a filled schema and makes its session one that answers with analyzed trees. */
export async function prepareAnalysis(
  session: Session,
  describe: (statement: string) => Promise<Description>,
): Promise<FilledShadow> {
  await session.run(searchPath)
  const names = await readNames(session)
  await session.run(searchPath)
  for (const statement of analysisSettings) await session.run(statement)
  return { describe, names, printType: createTypePrinter(session) }
}
