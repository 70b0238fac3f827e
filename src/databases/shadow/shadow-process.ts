import type { PGlite } from '@electric-sql/pglite'
import { readCatalog } from '../catalog.ts'
import { openPglite } from '../pglite/open-pglite.ts'
import { createPgliteSession } from '../pglite/pglite-session.ts'
import { serve } from '../process/serve.ts'
import { StatementError, type Session } from '../session.ts'
import { analysisSettings, analyze, type FilledShadow } from './analyze.ts'
import type { ShadowMethods } from './messages.ts'
import { createTypePrinter, readNames } from './names.ts'

// The process in which statements are analyzed. It holds a schema and no rows, and can be killed at any moment.

type Input<Method extends keyof ShadowMethods> = ShadowMethods[Method]['input']

let filled: FilledShadow | null = null

function shadow(): FilledShadow {
  if (filled === null) throw new Error('the shadow is not open')
  return filled
}

async function fill(session: Session, schema: readonly string[]): Promise<string[]> {
  const failed: string[] = []
  await session.run('SET check_function_bodies = off')
  for (const statement of schema) {
    await session.run(statement).catch((error: unknown) => {
      if (!(error instanceof StatementError)) throw error
      failed.push(statement)
    })
  }
  return failed
}

async function ready(database: PGlite): Promise<void> {
  const session = createPgliteSession(database)
  await session.run('SET search_path = public, pg_temp')
  const names = await readNames(session)
  await session.run('SET search_path = public, pg_temp')
  for (const statement of analysisSettings) await session.run(statement)
  filled = { database, names, printType: createTypePrinter(session) }
}

serve({
  open: async (input) => {
    const { image, schema } = input as Input<'open'>
    const database = await openPglite(image)
    const failed = await fill(createPgliteSession(database), schema)
    await ready(database)
    return failed
  },
  analyze: async (input) => analyze(shadow(), (input as Input<'analyze'>).statement),
  load: async (input) => {
    const { database } = shadow()
    for (const setting of ['debug_print_parse', 'client_min_messages']) await database.exec(`RESET ${setting}`)
    await database.exec((input as Input<'load'>).script).catch((error: unknown) => {
      const { code, position } = error as { code?: string; position?: string }
      throw new StatementError(code ?? 'XX000', position === undefined ? null : Number(position))
    })
    const catalog = await readCatalog(createPgliteSession(database))
    await ready(database)
    return catalog
  },
})
