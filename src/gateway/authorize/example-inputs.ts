import { decisions, type DecisionInput, type DecisionName } from './decisions.ts'

const who = {
  principal: { id: 'k1', kind: 'api-key', group: 'default', tenant: null, end_user: null },
  channel: 'http',
  time: { zone: 'UTC', date: '2026-03-02', weekday: 'monday', hour: 14, minute: 30 },
} as const

const examples = {
  grant: {
    ...who,
    granted: {
      models: ['analyst', 'small'],
      tools: ['describe_data', 'run_sql', 'run_python'],
      hosted_tools: [],
      endpoints: [],
      data_sources: ['shop'],
      languages: ['sql', 'python'],
      budget: { steps: 12, tokens: 200_000, wall_ms: 300_000, corrections: 3, cost: null },
      sandbox: {
        wall_ms: 30_000,
        cpus: 1,
        memory_mb: 512,
        processes: 64,
        open_files: 256,
        file_mb: 64,
        data_mb: 256,
        temporary_mb: 64,
        output_kb: 256,
      },
      filter_profile: 'default',
      privacy_profile: null,
      reveal_sql: 'on-request',
      find_values: 'none',
      grounding: 'annotate',
      tier: null,
      show_routes: false,
      metrics: false,
    },
  },
  payload: {
    ...who,
    payload: {
      api: 'chat-completions',
      model: 'small',
      streamed: false,
      output_tokens: null,
      choices: 1,
      bytes: 80,
      depth: 3,
      members: 3,
      messages: [{ role: 'user', characters: 20, parts: { text: 1 } }],
      message_count: 1,
      texts: { user: { count: 2, characters: 24, longest: 20, hidden: 0 } },
      tools: [],
      tool_count: 0,
      hosted_tools: [],
      hits: [],
      found: {},
      detections: [],
      novelty: { first: true, model: false, tools: 0, parts: 0, larger: 0 },
    },
    profiles: { filter: 'default', privacy: null },
  },
  action: {
    ...who,
    action: {
      tool: 'run_sql',
      language: 'sql',
      source: 'shop',
      tables: ['public.orders'],
      columns: ['public.orders.id'],
      provenance: ['model', 'user'],
      spent: { tokens: 1_000, cost: null },
      budget: { cost: null },
    },
  },
  content: {
    ...who,
    content: {
      direction: 'inbound',
      shape: { api: 'chat-completions', model: 'small', parts: 1, characters: 20, longest: 20 },
      action: 'allow',
      findings: [],
      failures: [],
      detectors: {},
      profile: { name: 'default', version: 1 },
    },
  },
}

/** A question of each decision that is made of nothing remarkable, on a Monday afternoon. A new one each time. */
export function exampleInput<Name extends DecisionName>(name: Name): DecisionInput<Name> {
  return decisions[name].input.parse(examples[name]) as DecisionInput<Name>
}
