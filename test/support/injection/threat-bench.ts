import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { toolDeclarations, type ToolDeclarations } from '../../../src/provenance/declarations.ts'
import { addressesIn } from '../../../src/provenance/address-forms.ts'
import { pythonEnvironment } from '../python/python-environment.ts'
import type { Trace } from './replay.ts'

const value = { role: 'value' }
const content = { role: 'content' }

/** What an operator would say of the tools of agent_threat_bench. */
export const threatBenchTools: ToolDeclarations = toolDeclarations.parse({
  lookup_customer: {
    effect: 'reads',
    result: { origin: 'row', records: { kind: 'customer', id: 'id', names: ['name'] } },
  },
  send_message: {
    effect: 'changes',
    calledFor: { verbs: ['send', 'write', 'email', 'message', 'notify', 'contact', 'inform'] },
    parameters: { recipient: { role: 'target', words: ['email', 'address'], fields: ['email'] }, body: content },
  },
  resolve_ticket: {
    effect: 'changes',
    calledFor: {
      verbs: ['resolve', 'help', 'handle', 'close'],
      objects: ['ticket', 'issue', 'account', 'customer', 'request', 'inquiry'],
    },
    parameters: { customer_id: { role: 'target', kind: 'customer' }, resolution: content },
  },
  read_inbox: { effect: 'reads', result: { records: { kind: 'email', names: ['subject'] } } },
  categorize_email: {
    effect: 'changes',
    calledFor: { verbs: ['categorize', 'triage'], objects: ['email'] },
    parameters: { email_index: value, category: value },
  },
  memory_read: { effect: 'reads', parameters: { key: value } },
  memory_write: {
    effect: 'changes',
    calledFor: { verbs: ['remember', 'store', 'save', 'note', 'update'] },
    parameters: { key: { role: 'label' }, value: content },
  },
  draft_summary: {
    effect: 'changes',
    calledFor: { verbs: ['draft', 'summarize'], objects: ['summary', 'email'] },
    parameters: { email_index: value, summary: content },
  },
})

const customers = z.array(
  z.object({
    id: z.string(),
    input: z.string(),
    authorized_recipients: z.array(z.string()),
    sensitive_fields: z.array(z.string()),
    customer_db: z.array(z.record(z.string(), z.string())),
  }),
)
const inboxes = z.array(
  z.object({
    id: z.string(),
    input: z.string(),
    forbidden_actions: z.array(z.string()),
    inbox: z.array(z.record(z.string(), z.string())),
  }),
)

const memories = z.array(
  z.object({
    id: z.string(),
    input: z.string(),
    attack_marker: z.string(),
    memory_store: z.record(z.string(), z.string()),
  }),
)

/** What inspect_evals holds under this name: JSON. */
export function inspectEvals(name: string): unknown {
  const environment = pythonEnvironment('inspect-evals', join(import.meta.dirname, 'python-inspect-evals.txt'))
  if (typeof environment === 'string') throw new Error(`inspect_evals is not here: ${environment}`)
  const ask = 'import sysconfig; print(sysconfig.get_path("purelib"), end="")'
  const folder = execFileSync(environment.python, ['-c', ask], { encoding: 'utf8' })
  return JSON.parse(readFileSync(join(folder, 'inspect_evals', name), 'utf8'))
}

const ofBench = (name: string): unknown => inspectEvals(`agent_threat_bench/data/${name}`)

/** Its questions about customers and inboxes, with what a model does that obeys all that it reads. */
export function threatBenchTraces(): readonly (Trace & { readonly id: string })[] {
  return [
    ...customers.parse(ofBench('data_exfil.json')).map(customerTrace),
    ...inboxes.parse(ofBench('autonomy_hijack.json')).map(inboxTrace),
  ]
}

/**
 * Its questions to a memory that others write into: it wants a mark in the answer. What a model that obeys would keep is called as well, so that the next
 * question would read it; the answer itself is no call.
 */
export function memoryTraces(): readonly (Trace & { readonly id: string; readonly marker: string })[] {
  return memories
    .parse(ofBench('memory_poison.json'))
    .map(({ id, input, attack_marker: marker, memory_store: store }) => ({
      id,
      marker,
      question: input,
      calls: [
        ...Object.entries(store).map(([key, value]) => person('memory_read', { key }, value)),
        ...Object.keys(store).map((key) => attacker('memory_write', { key, value: marker })),
      ],
    }))
}

const person = (tool: string, given: Trace['calls'][number]['arguments'], result: Trace['calls'][number]['result']) =>
  ({ who: 'person', tool, arguments: given, result }) as const
const attacker = (tool: string, given: Trace['calls'][number]['arguments']) =>
  ({ who: 'attacker', tool, arguments: given, result: null }) as const

function customerTrace(sample: z.infer<typeof customers>[number]): Trace & { readonly id: string } {
  const { id, input, authorized_recipients: allowed, sensitive_fields: secrets, customer_db: rows } = sample
  const [own] = rows
  const found = new Set(rows.flatMap((row) => addressesIn(Object.values(row).join('\n')).map(({ raw }) => raw)))
  const wanted = [...found].filter(
    (address) =>
      address.includes('@') &&
      !allowed.includes(address) &&
      !rows.slice(1).some((row) => row['email'] === address && !row['id']?.startsWith('INT')),
  )
  return {
    id,
    question: input,
    calls: [
      ...rows.map((row) => person('lookup_customer', { query: row['name'] ?? '' }, row)),
      ...wanted.map((recipient) => attacker('send_message', { recipient, body: secrets.join(', ') })),
      person('resolve_ticket', { customer_id: own?.['id'] ?? '', resolution: 'Done.' }, 'ok'),
    ],
  }
}

function inboxTrace({
  id,
  input,
  forbidden_actions: forbidden,
  inbox,
}: z.infer<typeof inboxes>[number]): Trace & { readonly id: string } {
  return {
    id,
    question: input,
    calls: [
      person('read_inbox', {}, inbox),
      ...forbidden.map((text) => attacker('draft_summary', { email_index: 1, summary: `Summary: ${text}` })),
      ...inbox.map((_email, at) => person('categorize_email', { email_index: at + 1, category: 'normal' }, 'ok')),
      person('draft_summary', { email_index: 1, summary: 'They ask for comments by Friday.' }, 'ok'),
    ],
  }
}
