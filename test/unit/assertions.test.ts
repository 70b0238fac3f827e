import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript-5'
import { describe, expect, it } from 'vitest'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '..')

/** Lines of a text on which `toMatchObject` expects a regular expression or a URL, which anything matches. */
function emptyExpectations(text: string): number[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true)
  const lines: number[] = []
  const find = (node: ts.Node, isExpected: boolean): void => {
    const isEmpty =
      ts.isRegularExpressionLiteral(node) || (ts.isNewExpression(node) && node.expression.getText() === 'URL')
    if (isExpected && isEmpty) lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)
    const isMatcher =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'toMatchObject'
    // What another call makes of it, like expect.stringMatching, is a matcher of its own.
    const isOtherCall = !isMatcher && (ts.isCallExpression(node) || ts.isNewExpression(node))
    ts.forEachChild(node, (child) => {
      const isArgument = isMatcher && child !== node.expression
      find(child, isArgument || (isExpected && !isOtherCall))
    })
  }
  find(source, false)
  return lines
}

/** Is there what could be such an expectation? To parse all the rest would take seconds. */
const mayHold = (text: string): boolean => text.includes('toMatchObject') && /[([:,]\s*(?:\/|new URL)/.test(text)

/** Less than this a busy machine may miss, in milliseconds. */
const patience = 60_000
const numberOf = (node: ts.Node | undefined): number =>
  node !== undefined && ts.isNumericLiteral(node) ? Number(node.text.replaceAll('_', '')) : Number.NaN
/** Calls that give up on what they wait for. */
const isWait = (node: ts.CallExpression): boolean => /\.(?:poll|waitFor|waitUntil)$/.test(node.expression.getText())
/** Matchers that hold something to be soon. */
const isUpperBound = (node: ts.CallExpression): boolean => /\.toBeLessThan(?:OrEqual)?$/.test(node.expression.getText())
/** A stretch of time that has passed, like `performance.now() - began`. */
const isElapsed = (text: string): boolean => /\b(?:performance|Date)\.now\(\) - /.test(text)

/** Lines of a text on which a machine that has much else to do fails a test: what is held is how soon something happens. */
function hastyExpectations(text: string): number[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true)
  const lines: number[] = []
  const find = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const options = node.arguments.find((argument) => ts.isObjectLiteralExpression(argument))
      const timeout = options?.properties.find((property) => property.name?.getText() === 'timeout')
      const gaveUp =
        timeout !== undefined && ts.isPropertyAssignment(timeout) ? numberOf(timeout.initializer) : patience
      const isHasty =
        isUpperBound(node) && isElapsed(node.expression.getText()) && !(numberOf(node.arguments[0]) >= patience)
      if (isHasty || (isWait(node) && gaveUp < patience)) {
        lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)
      }
    }
    ts.forEachChild(node, find)
  }
  find(source)
  return lines
}

/** Is there what could be one of those? To parse all the rest would take seconds. */
const mayBeHasty = (text: string): boolean =>
  isElapsed(text) || /\b(?:poll|waitFor|waitUntil)\([^;]*timeout: /.test(text)

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'assertions.test.ts')
  .map((entry) => join(entry.parentPath, entry.name))
/** Places in the tests at which `linesOf` finds something, in the files of which `isWorthIt` says that it may. */
const placesOf = (linesOf: (text: string) => number[], isWorthIt: (text: string) => boolean): string[] =>
  files.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    return isWorthIt(text) ? linesOf(text).map((line) => `${relative(root, file)}:${line}`) : []
  })

describe('assertions', () => {
  it.each([
    ['expect(x).toMatchObject({ a: /y/ })', [1]],
    ['expect(x).toMatchObject(\n  [{ a: { b: [/y/] } }])', [2]],
    ["expect(x).toMatchObject({ a: new URL('http://y') })", [1]],
    ['await expect(x).rejects.toMatchObject({ a: /y/ })', [1]],
    ['expect(x).toMatchObject({ a: expect.stringMatching(/y/) })', []],
    ['expect(x).toEqual({ a: /y/ })', []],
    ['expect(f(/y/)).toMatchObject({ a: 1 })', []],
  ])('that hold whatever they are given are seen: %s', (text, lines) => {
    expect(emptyExpectations(text)).toEqual(lines)
    if (lines.length > 0) expect(mayHold(text)).toBe(true)
  })

  it('hold something wherever they stand', () => {
    expect(placesOf(emptyExpectations, mayHold)).toEqual([])
  })

  it.each([
    ['await expect.poll(f, { timeout: 10_000 }).toBe(1)', [1]],
    ['await vi.waitFor(f, { interval: 5, timeout: 59_999 })', [1]],
    ['expect(performance.now() - began).toBeLessThan(2_000)', [1]],
    ['expect(Math.abs(Date.now() - asOf)).toBeLessThanOrEqual(300 + soon)', [1]],
    ['await expect.poll(f).toBe(1)', []],
    ['await expect.poll(f, { timeout: 60_000 }).toBe(1)', []],
    ['expect(Date.now() - asOf).toBeLessThan(60_000)', []],
    ['expect(performance.now() - began).toBeGreaterThan(290)', []],
  ])('that a busy machine fails are seen: %s', (text, lines) => {
    expect(hastyExpectations(text)).toEqual(lines)
    if (lines.length > 0) expect(mayBeHasty(text)).toBe(true)
  })

  it('wait for what comes as long as a busy machine needs', () => {
    verifies('testing.patience')
    expect(placesOf(hastyExpectations, mayBeHasty)).toEqual([])
  })
})
