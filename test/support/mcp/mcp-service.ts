import type { McpCallEnd } from '../../../src/core/facts.ts'
import type { Grant } from '../../../src/core/grant.ts'
import type { Principal } from '../../../src/core/principal.ts'
import type { SourceDescription, StatementAnswer } from '../../../src/core/statement.ts'
import { startService, type TestService, type TestServiceOptions } from '../http/http-service.ts'

export interface McpTestService extends TestService {
  /** What the trail was told. */
  readonly calls: readonly McpCallEnd[]
}

export interface McpTestOptions extends TestServiceOptions {
  readonly grant?: (principal: Principal) => Partial<Grant>
}

const all: Partial<Grant> = {
  models: ['analyst'],
  tools: ['describe_data', 'run_sql', 'run_python', 'run_javascript', 'run_shell'],
  dataSources: ['shop'],
}

/** The HTTP interface with tools over MCP, by use cases of the test's own. */
export async function startMcpService(options: McpTestOptions = {}): Promise<McpTestService> {
  const calls: McpCallEnd[] = []
  const { grant = () => ({}), mcp, ...others } = options
  const service = await startService({
    ...others,
    statements: others.statements ?? {
      run: async (received) => rowsOf(3, received.dataSource),
      check: async () => ({ kind: 'refused', findings: [refusal] }),
    },
    mcp: {
      describe: async () => description,
      grantFor: (principal) => ({ ...all, ...grant(principal) }) as Grant,
      onCall: async (call) => void calls.push(call),
      version: '1.2.3',
      ...mcp,
    },
  })
  return Object.assign(service, { calls })
}

export const refusal = {
  rule: 'sql/relation-not-allowed',
  line: 1,
  column: 15,
  message: 'The table "salaries" may not be read; allowed are: orders.',
}

/** So many rows of two columns. */
export function rowsOf(count: number, source: string | null = null): StatementAnswer {
  return {
    kind: 'result',
    source: source ?? 'shop',
    ranIn: 'shop (pglite)',
    canonical: null,
    result: {
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'name', type: 'text' },
      ],
      rows: Array.from({ length: count }, (_, index) => [index + 1, `customer number ${index + 1}`]),
      truncated: null,
      asOf: new Date('2026-11-29T10:00:00.000Z'),
      lagMilliseconds: null,
      lagEstimated: false,
      milliseconds: 3,
      findings: [],
    },
  }
}

export const description: SourceDescription = {
  source: 'shop',
  kind: 'pglite',
  group: 'default',
  rowLimit: 10_000,
  minimumGroupSize: 5,
  functions: [],
  relations: [
    {
      name: 'public.orders',
      kind: 'table',
      comment: 'One row each.',
      estimatedRows: 300,
      entityKey: null,
      columns: [
        { name: 'id', type: 'integer', nullable: false, comment: null, use: 'allow', mask: null },
        { name: 'email', type: 'text', nullable: true, comment: 'Of the customer.', use: 'mask', mask: 'hash' },
      ],
    },
  ],
}
