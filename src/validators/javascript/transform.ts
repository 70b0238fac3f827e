import { SourceMap } from 'node:module'
import type TypeScript from 'typescript-5'

type Compiler = typeof TypeScript

export type Transformed =
  | {
      readonly kind: 'transformed'
      /** What runs: JavaScript that V8 knows, each line where it stood as far as there is room. */
      readonly text: string
      /** Where a place of `text` (both from 1) stood in the source. */
      readonly place: (line: number, column: number) => { readonly line: number; readonly column: number }
    }
  | { readonly kind: 'failed'; readonly message: string; readonly line: number; readonly column: number }

/**
 * TypeScript, or JavaScript newer than V8, as JavaScript: types go, and enums, namespaces, parameter properties,
 * decorators, `accessor` and `using` become what they mean. The compiler prints the whole program, semicolons included:
 * blanking types out in place lets class fields without semicolons run together.
 */
export async function transformSource(source: string, language: 'typescript' | 'javascript'): Promise<Transformed> {
  const { default: ts } = await import('typescript-5')
  const compile = (more: TypeScript.CompilerOptions, fileName = `program.${language === 'typescript' ? 'ts' : 'js'}`) =>
    ts.transpileModule(source, {
      fileName,
      reportDiagnostics: true,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Preserve,
        moduleDetection: ts.ModuleDetectionKind.Legacy,
        useDefineForClassFields: true,
        alwaysStrict: false,
        noEmitHelpers: false,
        allowJs: true,
        sourceMap: true,
        ...more,
      },
    })
  // Parameters can be decorated in the older kind of decorators only.
  const experimentalDecorators = source.includes('@') && decoratesParameters(ts, source)
  const output = compile({ experimentalDecorators })
  const [diagnostic] = output.diagnostics ?? []
  if (diagnostic !== undefined) {
    const isMarkup =
      language === 'typescript' && compile({ jsx: ts.JsxEmit.Preserve }, 'program.tsx').diagnostics?.length === 0
    const message = isMarkup ? noMarkup : ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')
    return failure(diagnostic, message)
  }
  const map = new SourceMap(JSON.parse(output.sourceMapText ?? '{}') as ConstructorParameters<typeof SourceMap>[0])
  return { kind: 'transformed', ...aligned(output.outputText, map) }
}

function decoratesParameters(ts: Compiler, source: string): boolean {
  const open: TypeScript.Node[] = [ts.createSourceFile('program.ts', source, ts.ScriptTarget.ES2022)]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (ts.isParameter(node) && (ts.getDecorators(node)?.length ?? 0) > 0) return true
    ts.forEachChild(node, (child) => void open.push(child))
  }
  return false
}

/** The message where the source parses with JSX and not without. */
export const noMarkup = 'JSX needs a library such as React, and there is none here: build the text with a template'

function failure({ file, start }: TypeScript.Diagnostic, message: string): Transformed {
  const { line, character } = file?.getLineAndCharacterOfPosition(start ?? 0) ?? { line: 0, character: 0 }
  return { kind: 'failed', message: message.replace(/\.$/, ''), line: line + 1, column: character + 1 }
}

/** The last lines are the compiler's own: where the map is, and that what had imports is a module. */
const ending = /(?:\n?export \{\};)?\n?\/\/# sourceMappingURL=[^\n]*\n?$/

/** Puts empty lines where types were, so that an error's line is the source's. */
function aligned(output: string, map: SourceMap): Omit<Extract<Transformed, { kind: 'transformed' }>, 'kind'> {
  // A session may run several programs that hold resources at their top.
  const lines = output
    .replace(ending, '')
    .replaceAll(/^const(?= env_\d+ = \{ stack: \[\], )/gm, 'var  ')
    .split('\n')
  const helpers = helperLines(lines, map)
  // What the compiler brings along stands on the first line, before the program's own.
  const prefix = helpers === 0 ? '' : `${lines.slice(0, helpers).join(' ')} `
  /** For each line of `text` its line of the compiler's output, counted from 0; null for a line put in between. */
  const origins: (number | null)[] = []
  const text: string[] = []
  for (let index = helpers; index < lines.length; index += 1) {
    const line = lines[index]!
    const stood = firstPlace(map, index, line)
    const between = Math.max(0, (stood ?? 0) - text.length)
    text.push(...Array.from({ length: between }, () => ''))
    origins.push(...Array.from({ length: between }, () => null))
    text.push(line)
    origins.push(index)
  }
  const place = (line: number, column: number) => {
    const origin = origins[line - 1]
    const shift = line === 1 ? prefix.length : 0
    const entry = typeof origin === 'number' ? entryAt(map, origin, column - 1 - shift) : null
    return entry === null ? { line, column } : { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
  }
  return { text: prefix + text.join('\n'), place }
}

/** How many lines at the beginning are functions of the compiler's. They hold no comments and no templates. */
function helperLines(lines: readonly string[], map: SourceMap): number {
  if (!/^var __\w+ = \(this && this\.__/.test(lines[0] ?? '')) return 0
  const first = lines.findIndex((line, index) => /^\s*\/[/*]/.test(line) || firstPlace(map, index, line) !== null)
  return first < 0 ? 0 : first
}

interface Entry {
  readonly generatedLine: number
  readonly generatedColumn: number
  readonly originalLine: number
  readonly originalColumn: number
}

function entryAt(map: SourceMap, line: number, column: number): Entry | null {
  const entry = map.findEntry(line, column)
  return 'originalLine' in entry && entry.generatedLine === line ? entry : null
}

/** Where a line's first character stood; null for a line that begins within something, such as a template, or in nothing. */
function firstPlace(map: SourceMap, line: number, text: string): number | null {
  const start = text.length - text.trimStart().length
  const entry = entryAt(map, line, start)
  return entry !== null && entry.generatedColumn === start ? entry.originalLine : null
}
