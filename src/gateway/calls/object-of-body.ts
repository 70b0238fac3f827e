import { isObject, type JsonObject } from '../apis/api.ts'
import { parseObject } from './event-data.ts'

const objects = new WeakMap<Buffer, JsonObject | null>()

/**
 * The object that a body is; null where it is none. A body is parsed once, however many stages read it: nobody changes the
 * bytes, or what is given here.
 */
export function objectOfBody(body: Buffer): JsonObject | null {
  const known = objects.get(body)
  if (known !== undefined) return known
  const read = parseObject(body.toString('utf8'))
  objects.set(body, read)
  return read
}

/** Keeps what somebody has parsed these bytes as already, for as long as they are there. */
export function keepObjectOfBody(body: Buffer, value: unknown): void {
  objects.set(body, isObject(value) ? value : null)
}
