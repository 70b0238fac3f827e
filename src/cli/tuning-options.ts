import { InvalidArgumentError } from 'commander'
import type { TuningPlace } from '../core/recorded-decisions.ts'
import { confidences, type Confidence } from '../core/tuning.ts'

/** `support/outbound/toxicity/hate`: group, direction, and the category that the rule is written for. */
export function tuningPlace(text: string): TuningPlace {
  const [, group = '', direction = '', rule = ''] =
    /^(.{1,200}?)\/(inbound|outbound)\/([a-z]+(?:-[a-z]+)*(?:\/[a-z]+(?:-[a-z]+)*)?)$/.exec(text) ?? []
  if (direction !== 'inbound' && direction !== 'outbound') {
    throw new InvalidArgumentError(
      'Write it as GROUP/inbound/RULE or GROUP/outbound/RULE, like default/outbound/toxicity.',
    )
  }
  return { group, direction, rule }
}

export const placeText = ({ group, direction, rule }: TuningPlace): string => `${group}/${direction}/${rule}`

/** `name`, or `name@version`; without a version it is the newest. */
export function setVersion(text: string): { readonly name: string; readonly version: number | null } {
  const [, name = '', version = ''] = /^([a-z0-9][a-z0-9-]{0,63})(?:@([1-9]\d{0,5}))?$/.exec(text) ?? []
  if (name === '') {
    throw new InvalidArgumentError('Write it as NAME or NAME@VERSION, the name of a-z, 0-9 and hyphens.')
  }
  return { name, version: version === '' ? null : Number(version) }
}

/** A name alone, for a set of which a version is to be made. */
export function newSetName(text: string): string {
  const { name, version } = setVersion(text)
  if (version !== null) throw new InvalidArgumentError('Leave the version out: it is the next one.')
  return name
}

/** From 0 to 1, both allowed. */
export function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be from 0 to 1.')
  return value
}

/** Above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

/** How sure a bound is. */
export function confidence(text: string): Confidence {
  const found = confidences.find((each) => String(each) === text)
  if (found === undefined) throw new InvalidArgumentError(`It must be one of ${confidences.join(', ')}.`)
  return found
}
