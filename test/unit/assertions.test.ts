import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript-5'
import { describe, expect, it } from 'vitest'

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
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'assertions.test.ts')
      .map((entry) => join(entry.parentPath, entry.name))
    const found = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8')
      return mayHold(text) ? emptyExpectations(text).map((line) => `${relative(root, file)}:${line}`) : []
    })
    expect(found).toEqual([])
  })
})
