import type { Variables } from './environment.ts'
import type { Origin, Setting } from './settings.ts'

/**
 * The variables that OpenAI's own tools read, as the weakest settings. They never choose a model by themselves: a key
 * in the environment does not mean that data may be sent anywhere. And the key goes only to the endpoint it was set
 * for: never to a `base_url` that was configured here.
 */
export function openaiLayer(variables: Variables, given: readonly Setting[]): readonly Setting[] {
  const setting = (key: string): Setting | undefined =>
    given.findLast(({ path }) => path[0] === 'model' && path[1] === key)
  const provider = setting('provider')?.value ?? 'auto'
  const isChosen = provider === 'openai' || (provider === 'auto' && setting('name') !== undefined)
  if (!isChosen || setting('base_url') !== undefined) return []
  const taken = [
    { key: 'base_url', variable: 'OPENAI_BASE_URL' },
    { key: 'api_key', variable: 'OPENAI_API_KEY' },
  ]
  return taken.flatMap(({ key, variable }) => {
    const value = variables[variable]
    if (value === undefined || value === '') return []
    const origin: Origin = { kind: 'environment', where: variable, line: null, column: null }
    return [{ path: ['model', key], value, origin, indirect: true }]
  })
}
