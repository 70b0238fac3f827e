import { ScriptedOpenAiServer } from '../http/scripted-openai-server.ts'
import { liedStatement, liesAbout, truthAbout, type Lie } from './lies.ts'

/** A model that looks up what it is asked and then says one true sentence and ten lies about it. */
export async function startLyingModel() {
  const told: Lie[] = []
  const endpoint = await ScriptedOpenAiServer.start((request, position) => {
    if (position === 0) {
      const calls = [{ name: 'run_sql', arguments: JSON.stringify({ sql: liedStatement }) }]
      return { kind: 'turn', text: 'I look it up.', calls }
    }
    const result = request.body.messages.findLast(({ role }) => role === 'tool')?.content ?? ''
    told.push(...liesAbout(result))
    return { kind: 'turn', text: [truthAbout(result), ...told.map(({ text }) => text)].join('\n\n') }
  })
  /** `told` has the lies once it has answered. */
  return { endpoint, told, [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose]() }
}
