import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  McpServer,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** One red pixel, and a tone of no length. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=='
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const codec = createRequestStateCodec<{ readonly round: number }>({ key: 'a key of the test, of 32 bytes or more' })
const says = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] })
type Answer = CallToolResult | InputRequiredResult

const named = z.object({ name: z.string() })
const askName = (message = 'What is your name?') => inputRequired.elicit({ message, requestedSchema: named })
const askCapital = (text: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens })

/** What the conformance suite wants of a server to test its protocol with: tools, resources and prompts that say what they are told to. */
export function conformanceFixture(): McpServer {
  const server = new McpServer(
    { name: 'fixture', version: '1.0.0' },
    {
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, logging: {}, completions: {} },
      requestState: { verify: (state, context) => codec.verify(state, context) },
    },
  )
  addPlainTools(server)
  addAskingTools(server)
  addInputTools(server)
  addResources(server)
  addPrompts(server)
  server.server.setRequestHandler('completion/complete', () => ({
    completion: { values: ['paris', 'park'], total: 2, hasMore: false },
  }))
  return server
}

function addPlainTools(server: McpServer): void {
  const plain = (name: string, answer: (context: ServerContext) => Answer | Promise<Answer>): void => {
    server.registerTool(name, { description: `The tool ${name} of the suite.` }, answer)
  }
  plain('test_simple_text', () => says('This is a simple text response for testing.'))
  plain('test_image_content', () => ({ content: [{ type: 'image', data: png, mimeType: 'image/png' }] }))
  plain('test_audio_content', () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }))
  const resource = (uri: string, mimeType: string, text: string) =>
    ({ type: 'resource', resource: { uri, mimeType, text } }) as const
  plain('test_embedded_resource', () => ({
    content: [resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }))
  plain('test_multiple_content_types', () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: png, mimeType: 'image/png' },
      resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }))
  plain('test_error_handling', () => ({
    ...says('This tool intentionally returns an error for testing'),
    isError: true,
  }))
  const log = async (context: ServerContext): Promise<Answer> => {
    for (const said of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.log('info', said)
      await sleep(50)
    }
    return says('It has logged.')
  }
  plain('test_tool_with_logging', log)
  plain('test_logging_tool', log)
  plain('test_tool_with_progress', async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken
    for (const progress of [0, 50, 100]) {
      const params = { progressToken: progressToken ?? '', progress, total: 100 }
      if (progressToken !== undefined) await mcpReq.notify({ method: 'notifications/progress', params })
      await sleep(50)
    }
    return says('It has told its progress.')
  })
}

/** Tools that ask their client on the old wire, where an answer comes as a request of its own. */
function addAskingTools(server: McpServer): void {
  const elicit = async ({ mcpReq }: ServerContext, message: string, properties: object, required: string[] = []) => {
    const requestedSchema = { type: 'object', properties, required }
    const { action, content } = await mcpReq.send({
      method: 'elicitation/create',
      params: { message, requestedSchema },
    })
    return `action=${action}, content=${JSON.stringify(content ?? {})}`
  }
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model of the client.', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const messages = [{ role: 'user', content: { type: 'text', text: prompt } }]
      const { content } = await mcpReq.send({ method: 'sampling/createMessage', params: { messages, maxTokens: 100 } })
      return says(`LLM response: ${'text' in content ? content.text : ''}`)
    },
  )
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the person.', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, context) => {
      const text = (description: string) => ({ type: 'string', description })
      const fields = { username: text("User's response"), email: text("User's email address") }
      return says(`User response: ${await elicit(context, message, fields, ['username', 'email'])}`)
    },
  )
  server.registerTool('test_elicitation_sep1034_defaults', { description: 'Asks with defaults.' }, async (context) => {
    const fields = {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }
    return says(`Elicitation completed: ${await elicit(context, 'Is this right?', fields)}`)
  })
  server.registerTool('test_elicitation_sep1330_enums', { description: 'Asks for choices.' }, async (context) => {
    const plain = ['option1', 'option2', 'option3']
    const titled = (titles: readonly string[]) => titles.map((title, at) => ({ const: `value${at + 1}`, title }))
    const fields = {
      untitledSingle: { type: 'string', enum: plain },
      titledSingle: { type: 'string', oneOf: titled(['First Option', 'Second Option', 'Third Option']) },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { type: 'string', enum: plain } },
      titledMulti: { type: 'array', items: { anyOf: titled(['First Choice', 'Second Choice', 'Third Choice']) } },
    }
    return says(`Elicitation completed: ${await elicit(context, 'Choose.', fields)}`)
  })
}

/** Tools that ask their client on the new wire, where an answer comes with the call that is made again. */
function addInputTools(server: McpServer): void {
  const asking = (name: string, answer: (context: ServerContext) => Answer | Promise<Answer>): void => {
    server.registerTool(name, { description: `The tool ${name} of the suite.` }, answer)
  }
  const greet = ({ mcpReq }: ServerContext): Answer => {
    const known = acceptedContent(mcpReq.inputResponses, 'user_name', named)
    return known === undefined
      ? inputRequired({ inputRequests: { user_name: askName() } })
      : says(`Hello, ${known.name}!`)
  }
  asking('test_input_required_result_elicitation', greet)
  asking('test_missing_capability', ({ mcpReq }) =>
    inputResponse(mcpReq.inputResponses, 'asked').kind === 'sampling'
      ? says('asked')
      : inputRequired({ inputRequests: { asked: askCapital('What is the capital of France?', 100) } }),
  )
  asking('test_streaming_elicitation', greet)
  asking('test_input_required_result_sampling', ({ mcpReq }) => {
    const said = inputResponse(mcpReq.inputResponses, 'capital_question')
    return said.kind === 'sampling'
      ? says(JSON.stringify(said.result.content))
      : inputRequired({ inputRequests: { capital_question: askCapital('What is the capital of France?', 100) } })
  })
  asking('test_input_required_result_list_roots', ({ mcpReq }) => {
    const said = inputResponse(mcpReq.inputResponses, 'client_roots')
    return said.kind === 'roots'
      ? says(said.roots.map(({ uri }) => uri).join(', '))
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
  })
  asking('test_input_required_result_capabilities', ({ mcpReq }) => {
    const envelope: { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined = mcpReq.envelope
    const capabilities = envelope?.[CLIENT_CAPABILITIES_META_KEY]
    if (mcpReq.inputResponses !== undefined) return says('asked')
    const inputRequests = {
      ...(capabilities?.sampling === undefined ? {} : { question: askCapital('What is the capital of France?', 100) }),
      ...(capabilities?.elicitation === undefined ? {} : { user_name: askName() }),
    }
    return Object.keys(inputRequests).length === 0 ? says('nobody to ask') : inputRequired({ inputRequests })
  })
  const confirmed = z.object({ ok: z.boolean() })
  const withState = async (context: ServerContext): Promise<Answer> => {
    const state = context.mcpReq.requestState<{ readonly round: number }>()
    const isConfirmed = acceptedContent(context.mcpReq.inputResponses, 'confirm', confirmed) !== undefined
    if (state !== undefined && isConfirmed) return says('state-ok')
    const confirm = inputRequired.elicit({ message: 'Please confirm', requestedSchema: confirmed })
    return inputRequired({ inputRequests: { confirm }, requestState: await codec.mint({ round: 1 }, context) })
  }
  asking('test_input_required_result_request_state', withState)
  asking('test_input_required_result_tampered_state', withState)
  asking('test_input_required_result_multiple_inputs', async (context) => {
    const kinds = ['user_name', 'greeting', 'client_roots'].map(
      (key) => inputResponse(context.mcpReq.inputResponses, key).kind,
    )
    if (!kinds.includes('missing')) return says('It has all of them.')
    const greeting = askCapital('Generate a greeting', 50)
    const inputRequests = { user_name: askName(), greeting, client_roots: inputRequired.listRoots() }
    return inputRequired({ inputRequests, requestState: await codec.mint({ round: 1 }, context) })
  })
  asking('test_input_required_result_multi_round', async (context) => {
    const round = context.mcpReq.requestState<{ readonly round: number }>()?.round ?? 0
    if (round === 2) return says('It is done.')
    const requestState = await codec.mint({ round: round + 1 }, context)
    if (round === 0)
      return inputRequired({ inputRequests: { step1: askName('Step 1: What is your name?') }, requestState })
    const requestedSchema = z.object({ color: z.string() })
    const step2 = inputRequired.elicit({ message: 'Step 2: What is your favorite color?', requestedSchema })
    return inputRequired({ inputRequests: { step2 }, requestState })
  })
}

function addResources(server: McpServer): void {
  const description = 'A resource of the suite.'
  server.registerResource(
    'static-text',
    'test://static-text',
    { description, mimeType: 'text/plain' },
    ({ href: uri }) => ({
      contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
    }),
  )
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { description, mimeType: 'image/png' },
    ({ href: uri }) => ({ contents: [{ uri, mimeType: 'image/png', blob: png }] }),
  )
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description, mimeType: 'application/json' },
    ({ href: uri }, { id }) => {
      const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` })
      return { contents: [{ uri, mimeType: 'application/json', text }] }
    },
  )
  server.server.setRequestHandler('resources/subscribe', () => ({}))
  server.server.setRequestHandler('resources/unsubscribe', () => ({}))
}

function addPrompts(server: McpServer): void {
  const description = 'A prompt of the suite.'
  const user = (text: string) => ({ role: 'user', content: { type: 'text', text } }) as const
  server.registerPrompt('test_simple_prompt', { description }, () => ({
    messages: [user('This is a simple prompt for testing.')],
  }))
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description, argsSchema: z.object({ arg1: z.string(), arg2: z.string() }) },
    ({ arg1, arg2 }) => ({ messages: [user(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  )
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) => {
      const resource = { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' }
      return {
        messages: [
          { role: 'user', content: { type: 'resource', resource } },
          user('Please process the embedded resource above.'),
        ],
      }
    },
  )
  server.registerPrompt('test_prompt_with_image', { description }, () => ({
    messages: [
      { role: 'user', content: { type: 'image', data: png, mimeType: 'image/png' } },
      user('Please analyze the image above.'),
    ],
  }))
  const context = z.object({ context: z.string() })
  server.registerPrompt('test_input_required_result_prompt', { description }, ({ mcpReq }) => {
    const known = acceptedContent(mcpReq.inputResponses, 'user_context', context)
    if (known !== undefined) return { messages: [user(`In the context of ${known.context}.`)] }
    const message = 'What context should the prompt use?'
    return inputRequired({
      inputRequests: { user_context: inputRequired.elicit({ message, requestedSchema: context }) },
    })
  })
}
