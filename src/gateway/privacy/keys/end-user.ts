import { isObject, type JsonObject } from '../../apis/api.ts'

/**
 * The person for whom a call is made, as each API has a place for it. Null where none is named. Nobody has signed it, so it
 * narrows the scope of tokens where the credential names nobody, and chooses no limit.
 */
export function endUserOf(body: JsonObject): string | null {
  const metadata = isObject(body['metadata']) ? body['metadata'] : {}
  const named = [body['safety_identifier'], body['user'], metadata['user_id']]
  return (named.find((name) => typeof name === 'string' && name !== '') as string | undefined) ?? null
}

/** Does the call ask for an answer in JSON? Then a program reads it, and not a renderer of Markdown. */
export function asksForJson(body: JsonObject): boolean {
  const text = isObject(body['text']) ? body['text'] : {}
  const config = isObject(body['output_config']) ? body['output_config'] : {}
  return [body['response_format'], text['format'], config['format']].some(
    (format) => isObject(format) && /^json_(?:schema|object)$/.test(String(format['type'])),
  )
}
