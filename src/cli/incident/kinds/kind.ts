import type { DrawnPictures } from '../example.ts'
import type { IncidentRequest } from '../request.ts'
import { oneOf, type Random } from '../../../core/seeded-random.ts'

/** What a kind makes its requests of. */
export interface Material {
  readonly random: Random
  readonly unwanted: DrawnPictures['unwanted']
  /** A picture of an honest caller, of any of the types or of this one. */
  readonly picture: (type?: 'image/png' | 'image/jpeg' | 'image/webp') => HonestPicture
}

export type HonestPicture = DrawnPictures['honest'][number]

/** One way in which a request is not what the service is for. */
export interface InvalidKind {
  readonly name: string
  /** What is wrong, as a phrase. */
  readonly wrong: string
  readonly make: (material: Material) => IncidentRequest
}

export function materialOf({ honest, unwanted }: DrawnPictures, random: Random): Material {
  return {
    random,
    unwanted,
    picture: (type) => {
      const [first, ...others] = honest.filter((one) => type === undefined || one.type === type)
      if (first === undefined) throw new RangeError(`no picture of the type ${type} was drawn`)
      return oneOf([first, ...others], random)
    },
  }
}

/** Bytes without a meaning. */
export function noise(length: number, random: Random): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index += 1) bytes[index] = Math.floor(random() * 256)
  return bytes
}
