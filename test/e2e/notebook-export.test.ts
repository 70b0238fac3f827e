import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSallyport } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load.ts'
import { serviceDefaults } from '../../src/config/service-defaults.ts'
import type { ConversationItem, KeptItem } from '../../src/core/conversations.ts'
import type { AgentEvent } from '../../src/core/events.ts'
import { demoQuestions } from '../../src/models/providers/demo/demo-model.ts'
import { exportConversation } from '../../src/service/export-conversation.ts'
import type { Sallyport } from '../../src/service/sallyport.ts'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'
import { pythonEnvironment } from '../support/python/python-environment.ts'
import { sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const support = join(import.meta.dirname, '../support/sessions')
const jupyter = pythonEnvironment('jupyter', join(support, 'jupyter.txt'))
const live = new AbortController().signal

/** What is kept of a run's events. */
function itemsOf(question: string, events: readonly AgentEvent[]): ConversationItem[] {
  const items: ConversationItem[] = [{ type: 'message', role: 'user', content: question }]
  let said = ''
  const sources = new Map<string, Extract<AgentEvent, { type: 'tool-call' }>>()
  for (const event of events) {
    if (event.type === 'text-delta') said += event.text
    if (event.type === 'tool-call') sources.set(event.callId, event)
    if (event.type !== 'tool-result') continue
    const { callId, tool, type: _type, ...outcome } = event
    const source = sources.get(callId)?.source ?? null
    items.push({ type: 'tool-use', callId, tool, source, outcome: { kind: 'result', ...outcome } })
  }
  return [...items, { type: 'message', role: 'assistant', content: said }]
}

describe.skipIf(typeof jupyter === 'string')(
  `a conversation as a notebook${typeof jupyter === 'string' ? `, for which Jupyter is not here: ${jupyter}` : ''}`,
  () => {
    let sallyport: Sallyport
    beforeAll(async () => {
      const variables = cleanEnvironment({ SALLYPORT_MODEL_PROVIDER: 'demo', SALLYPORT_SANDBOX_IMAGE: sandboxImage() })
      const { config } = loadConfig({ variables, workingDirectory: '/', flags: {}, defaults: serviceDefaults })
      sallyport = await openSallyport(config)
    })
    afterAll(() => sallyport[Symbol.asyncDispose]())

    async function conversation(questions: readonly string[]): Promise<KeptItem[]> {
      const items: ConversationItem[] = []
      for (const content of questions) {
        const request = {
          requestId: 'e2e',
          channel: 'cli',
          credential: null,
          model: 'analyst',
          dataSource: null,
        } as const
        const received = { ...request, sessionId: 'notebook', messages: [{ role: 'user', content }] as const }
        const events: AgentEvent[] = []
        // Behind the rows of an earlier question, a table that nobody has named is asked about.
        const approver = async () => 'allowed' as const
        for await (const event of sallyport.answer(received, { files: [], approver }, live)) events.push(event)
        items.push(...itemsOf(content, events))
      }
      const made = new Date()
      return items.map((item, place) => ({ id: `item_${place}`, conversation: 'conv_1', place, run: null, made, item }))
    }

    it('keeps to the format, and run again in Jupyter it says what it said', async () => {
      const items = await conversation(demoQuestions)
      const conversations = {
        show: async () => ({
          id: 'conv_1',
          principal: 'p',
          made: new Date(),
          used: new Date(),
          title: 'Shop',
          metadata: {},
        }),
        items: async (_p: string, _id: string, { after }: { after?: string | undefined }) =>
          after === undefined ? items : [],
      }
      const file = await exportConversation(
        { conversations, linkHosts: [] },
        { principal: 'p', id: 'conv_1', format: 'ipynb' },
      )
      const folder = temporaryFolder('notebook-')
      const path = join(folder, file?.name ?? '')
      writeFileSync(path, file?.text ?? '')
      const python = typeof jupyter === 'string' ? '' : jupyter.python
      const { stdout, stderr, status, error } = spawnSync(python, [join(support, 'rerun-notebook.py'), path], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        cwd: folder,
        env: { ...cleanEnvironment({}), HOME: folder, MPLCONFIGDIR: folder },
      })
      expect(stderr.split('\n').filter((line) => /Error/.test(line))).toEqual([])
      expect({ status, error }).toEqual({ status: 0, error: undefined })
      const cells = JSON.parse(stdout) as { source: string; before: unknown[]; after: unknown[] }[]
      const own = cells.filter(({ before }) => before.length > 0)
      expect(own.length).toBeGreaterThanOrEqual(3)
      for (const { source, before, after } of own) expect({ source, told: after }).toEqual({ source, told: before })
    })
  },
)
