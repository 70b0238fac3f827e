import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkOf, classesIn, NamesModel, readModel, rowOf } from '../../../../src/filters/names/model.ts'

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

  it('finds a feature behind others that had its place', () => {
    const features = [0x10003, 0x20003, 0x30003]
    const checks = new Uint16Array(8)
    for (const [at, feature] of features.entries()) checks[3 + at] = checkOf(feature)
    expect(features.map((feature) => rowOf(checks, feature))).toEqual([3, 4, 5])
    expect(rowOf(checks, 0x40003)).toBe(-1)
  })

  it('knows a word by 24 bits of its hash', () => {
    const words = new Int32Array(4)
    words[1] = (0x1234501 << 8) | 5
    expect(classesIn(words, (0x1234501 << 8) | 77)).toBe(5)
    expect(classesIn(words, (0x1234601 << 8) | 77)).toBe(0)
  })
})
