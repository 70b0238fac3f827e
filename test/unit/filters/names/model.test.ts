import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkOf, classesIn, NamesModel, readModel } from '../../../../src/filters/names/model.ts'

const real = join(import.meta.dirname, '../../../../src/filters/names/names.model')
const mostBytes = 2 * 1024 * 1024

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-names-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function written(bytes: Uint8Array): string {
  const path = join(folder, 'names.model')
  writeFileSync(path, bytes)
  return path
}

describe('the model of names', () => {
  it('says by whom it was made, and is no larger than two megabytes', () => {
    const { header } = readModel(real)
    expect(header).toMatchObject({ format: 'sallyport-names', version: 1, seed: 20_261_128 })
    expect(readFileSync(real).length).toBeLessThan(mostBytes)
  })

  it('is refused where a bit of it is another one', () => {
    const bytes = readFileSync(real)
    const last = bytes.length - 1
    bytes[last] = (bytes[last] as number) ^ 1
    expect(() => readModel(written(bytes))).toThrow('The model of names is damaged')
  })

  it('is refused where it is cut', () => {
    const bytes = readFileSync(real)
    expect(() => readModel(written(bytes.subarray(0, bytes.length - 9)))).toThrow('The model of names is damaged')
  })

  it('is refused where it is something else', () => {
    expect(() => readModel(written(Buffer.from('{"format":"else"}\nbody')))).toThrow('sallyport-names')
    expect(() => readModel(written(Buffer.from('no line')))).toThrow('has no header')
  })

  it('is refused where its tables have another length than it says', () => {
    const { header } = readModel(real)
    expect(() => new NamesModel(header, new Uint8Array(3))).toThrow('has another length')
    const few = { ...header, rows: 4, features: 1, words: 1 }
    const body = new Uint8Array(8 + 8 + 4)
    expect(() => new NamesModel(few, body)).toThrow('has another number of features')
    body[2] = 1
    expect(new NamesModel(few, body).header).toBe(few)
  })

  it('adds what a feature weighs to the labels behind the first, and nothing for one that it never saw', () => {
    const { header } = readModel(real)
    const body = new Uint8Array(8 + 16 + 4)
    body.set([0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255])
    const model = new NamesModel({ ...header, rows: 4, features: 2, words: 1 }, body)
    const scores = new Float64Array(19).fill(1)
    model.addWeights(0x2_0001, scores, 9)
    model.addWeights(0x3_0003, scores, 9)
    model.addWeights(0x4_0002, scores, 9)
    expect(Array.from(scores.slice(9))).toEqual([1, 11, 13, 15, 17, 19, 21, 23, 8, 1])
  })

  it('finds a feature behind others that had its place, and at the beginning behind the end', () => {
    const { header } = readModel(real)
    const rows = 128
    const places = [40, 41, 42, 126, 127, 0]
    const features = [0x1_0028, 0x2_0028, 0x3_0029, 0x1_007e, 0x2_007e, 0x3_007e]
    const checks = new Uint16Array(rows)
    for (const [at, feature] of features.entries()) checks[places[at] ?? 0] = checkOf(feature)
    const order = places.toSorted((one, other) => one - other)
    const weights = Int8Array.from(order.flatMap((place) => Array.from({ length: 8 }, () => places.indexOf(place) + 1)))
    const body = Buffer.concat([Buffer.from(checks.buffer), Buffer.from(weights.buffer), Buffer.alloc(4)])
    const model = new NamesModel({ ...header, rows, features: 6, words: 1 }, body)
    const weigh = (feature: number) => {
      const scores = new Float64Array(9)
      model.addWeights(feature, scores, 0)
      return scores[8]
    }
    expect(features.map(weigh)).toEqual([1, 2, 3, 4, 5, 6])
    expect([0x4_0028, 0x4_007f, 0x1_0029, 0x1_0001].map(weigh)).toEqual([0, 0, 0, 0])
  })

  it('knows a word by 24 bits of its hash', () => {
    const words = new Int32Array(4)
    words[1] = (0x1234501 << 8) | 5
    expect(classesIn(words, (0x1234501 << 8) | 77)).toBe(5)
    expect(classesIn(words, (0x1234601 << 8) | 77)).toBe(0)
  })
})
