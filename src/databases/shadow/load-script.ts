import type { PGlite } from '@electric-sql/pglite'
import { StatementError } from '../session.ts'
import { isExpendable, isNeeded, scriptStatements, type ScriptStatement } from './script-statements.ts'

/**
 * Runs a script of DDL: whole where that works, else statement by statement, without rows, and without what refers to
 * roles and extensions that are not here. A statement that a schema needs and that fails is a `StatementError` whose
 * position is in the script.
 */
export async function loadScript(database: PGlite, script: string): Promise<void> {
  // Part of a script that commits by itself would be left behind by a failure.
  if (!/\b(commit|end|copy)\b/i.test(script)) {
    const isDone = await database.exec(script).then(
      () => true,
      () => false,
    )
    if (isDone) return
  }
  for (const statement of scriptStatements(script).filter(isNeeded)) {
    await database.exec(statement.text).catch((error: unknown) => {
      if (!isExpendable(statement)) throw inScript(error, statement)
    })
  }
}

function inScript(error: unknown, { offset }: ScriptStatement): StatementError {
  const { code, position } = error as { code?: string; position?: string }
  return new StatementError(code ?? 'XX000', offset + Number(position ?? 1))
}
