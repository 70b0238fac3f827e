import type { GrantedSource } from '../sources/source.ts'
import type { ModelToolName, ToolName } from '../core/grant.ts'
import type { QueryLimits } from '../databases/database.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxTime } from '../sandbox/sandbox-time.ts'
import type { AfterProgram } from '../sessions/put-back-files.ts'
import type { Session } from '../sessions/session.ts'
import type { Validator } from '../validators/validator.ts'
import { bindTool, type BoundTool } from './bound-tool.ts'
import { createDescribeData } from './describe-data.ts'
import { createExtractValues, type AskQuarantined } from './extract-values.ts'
import { createRunJavaScript } from './run-javascript.ts'
import { createRunPython } from './run-python.ts'
import type { Permit } from './permit.ts'
import { createRunSql } from './run-sql.ts'

export interface ToolsSettings {
  readonly permit: Permit
  /** Names the grant allows; nothing else is made. */
  readonly granted: readonly ToolName[]
  readonly session: Session<Sandbox>
  /** Did the person ask for another content of a file of theirs? */
  readonly mayChange: AfterProgram['mayChange']
  /** Null where no data source is granted: then there is no run_sql. */
  readonly source: GrantedSource | null
  /** Of all programs of the run. */
  readonly time: SandboxTime
  readonly python: { readonly validator: Validator<'python'>; readonly timeoutMilliseconds: number }
  readonly javascript: {
    readonly validator: Validator<'javascript'>
    readonly typescript: Validator<'javascript'>
    readonly timeoutMilliseconds: number
    /** A session in an isolate for one job, with nothing of the jobs before it. */
    readonly claim: (signal: AbortSignal) => Promise<Sandbox>
  }
  /** Absent where no model reads texts: then there is no extract_values. */
  readonly quarantined?: AskQuarantined
  readonly queryLimits: QueryLimits
  readonly previewRows: number
}

/** The tools of one run, in the order in which a model sees them. */
export function createTools(settings: ToolsSettings): BoundTool[] {
  const makers: Readonly<Record<ModelToolName, () => BoundTool | null>> = {
    describe_data: () =>
      bindTool(
        createDescribeData({
          permit: settings.permit,
          source: describable(settings.source),
          files: () => settings.session.files,
        }),
      ),
    run_sql: () => (settings.source === null ? null : bindTool(createRunSql(sqlSettings(settings, settings.source)))),
    run_python: () =>
      bindTool(
        createRunPython({
          ...settings.python,
          permit: settings.permit,
          time: settings.time,
          claim: (signal) => settings.session.sandbox(signal),
          sandbox: (text, signal) => settings.session.sandboxFor(text, signal),
          putBack: (cell, signal) => settings.session.putBack({ cell, mayChange: settings.mayChange }, signal),
          pictureNames: { next: () => `chart_${settings.session.nextPictureNumber()}` },
        }),
      ),
    run_javascript: () =>
      bindTool(createRunJavaScript({ ...settings.javascript, permit: settings.permit, time: settings.time })),
    extract_values: () => (settings.quarantined === undefined ? null : extractValues(settings, settings.quarantined)),
  }
  return (Object.keys(makers) as ModelToolName[])
    .filter((name) => settings.granted.includes(name))
    .flatMap((name) => makers[name]() ?? [])
}

function extractValues({ permit, session }: ToolsSettings, ask: AskQuarantined): BoundTool {
  const open = async (path: string, signal: AbortSignal) => (await session.sandbox(signal)).files.get(path, signal)
  return bindTool(createExtractValues({ permit, ask, open }))
}

function describable(source: GrantedSource | null): Parameters<typeof createDescribeData>[0]['source'] {
  if (source === null) return null
  const { database, visible } = source
  return { name: database.source, kind: database.kind, visible, catalog: (signal) => database.catalog(signal) }
}

function sqlSettings(settings: ToolsSettings, source: GrantedSource): Parameters<typeof createRunSql>[0] {
  const { session } = settings
  return {
    database: source.database,
    permit: settings.permit,
    validator: source.validator,
    limits: settings.queryLimits,
    previewRows: settings.previewRows,
    results: settings.granted.includes('run_python')
      ? { nextNumber: () => session.nextResultNumber(), add: (file, signal) => session.addFile(file, signal) }
      : null,
  }
}
