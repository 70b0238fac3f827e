import { z } from 'zod'
import type { StatementVerdict } from '../../../core/statement.ts'
import { describeFindings } from '../../../core/verdict.ts'
import { toVerdict } from '../../wire/sql.ts'
import type { JsonObject } from '../json-object.ts'
import type { McpTool } from '../tool.ts'
import { textView } from '../text-view.ts'
import type { McpUseCases } from '../use-cases.ts'
import { finding, mayAskSql, source, statement } from './run-sql.ts'

const input = z.strictObject({ statement, source })

const output = z.object({
  verdict: z.enum(['allow', 'refuse']),
  findings: z.array(finding),
  relations: z.array(z.string()).optional(),
  columns: z.array(z.string()).optional(),
  functions: z.array(z.string()).optional(),
  canonical: z.string().nullable().optional().describe('The only text that would run; null where policy hides it.'),
  masks: z
    .array(z.object({ position: z.int(), relation: z.string(), column: z.string(), how: z.string() }))
    .optional()
    .describe('Columns of the result that leave masked, by their 0-based position.'),
  row_limit: z.int().optional(),
})

type Output = z.infer<typeof output> & JsonObject

export function createCheckSql({
  statements,
}: Pick<McpUseCases, 'statements'>): McpTool<z.infer<typeof input>, Output> {
  return {
    name: 'check_sql',
    title: 'Check a query',
    description:
      'Says whether a SELECT would be allowed, which tables and columns it touches and which of its columns would be masked. Nothing runs.',
    input,
    output: output as unknown as z.ZodType<Output>,
    hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    isFor: mayAskSql,
    async execute({ statement: text, source: name }, { requestId, caller, signal }) {
      const { channel, credential } = caller
      const received = { requestId, channel, credential, dataSource: name ?? null }
      const verdict = await statements.check(received, text, signal)
      const structured = toVerdict(verdict) as Output
      return textView({ text: describe(verdict), structured, name: 'verdict.txt' })
    },
  }
}

function describe(verdict: StatementVerdict): string {
  if (verdict.kind === 'refused') return `The statement would be refused.\n${describeFindings(verdict.findings)}`
  const { relations, masks } = verdict.value
  const masked = masks.length === 0 ? '' : ` Masked: ${masks.map(({ column }) => column).join(', ')}.`
  return `The statement is allowed. It reads ${relations.join(', ') || 'no table'}.${masked}`
}
