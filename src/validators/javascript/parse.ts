import { type AnyNode, parse, type Program } from 'acorn'
import { noMarkup, transformSource } from './transform.ts'

export type JavaScriptParse =
  /** `text` is what runs, `place` says where a place of it stood in the source. */
  | {
      readonly kind: 'parsed'
      readonly program: Program
      readonly text: string
      readonly place: (line: number, column: number) => { readonly line: number; readonly column: number }
    }
  | { readonly kind: 'failed'; readonly message: string; readonly line: number; readonly column: number }
  | { readonly kind: 'too-deep' }

/**
 * Parses a script whose top level may `await`, or a module. A text that V8's JavaScript does not cover is read as newer
 * JavaScript, then as TypeScript.
 */
export async function parseJavaScript(source: string): Promise<JavaScriptParse> {
  const plain = parseEither(source)
  if (plain.kind !== 'failed') return plain
  for (const language of ['javascript', 'typescript'] as const) {
    const parse = await parseTransformed(source, language)
    if (parse.kind !== 'failed' || parse.message === noMarkup) return parse
  }
  // Neither: the message about JavaScript is the one to show.
  return plain
}

/** Parses TypeScript, which is never taken for JavaScript: `f<A>(b)` means another thing there. */
export function parseTypeScript(source: string): Promise<JavaScriptParse> {
  return parseTransformed(source, 'typescript')
}

async function parseTransformed(source: string, language: 'typescript' | 'javascript'): Promise<JavaScriptParse> {
  try {
    const transformed = await transformSource(source, language)
    if (transformed.kind === 'failed') return transformed
    const parse = parseEither(transformed.text)
    if (parse.kind === 'parsed') return { ...parse, place: transformed.place }
    return parse.kind === 'failed' ? { ...parse, ...transformed.place(parse.line, parse.column) } : parse
  } catch (thrown) {
    // The compiler recurses as well.
    if (thrown instanceof RangeError) return { kind: 'too-deep' }
    throw thrown
  }
}

/** A script where it is one, else a module: `import` and `export` do not make the rest stricter. */
function parseEither(text: string): JavaScriptParse {
  const script = parseAs('script', text)
  if (script.kind !== 'failed' || !/\b(?:import|export)\b/.test(text)) return script
  const module = parseAs('module', text)
  // The message of a script says nothing about what is wrong in a module.
  return module.kind === 'failed' && !script.message.startsWith("'import' and 'export'") ? script : module
}

function parseAs(sourceType: 'script' | 'module', text: string): JavaScriptParse {
  try {
    const program = parse(text, {
      ecmaVersion: 'latest',
      sourceType,
      allowAwaitOutsideFunction: true,
      allowHashBang: true,
      locations: true,
    })
    return { kind: 'parsed', program, text, place: (line, column) => ({ line, column }) }
  } catch (thrown) {
    // The parser recurses: nesting that exhausts its stack is the author's doing, not a fault of ours.
    if (thrown instanceof RangeError) return { kind: 'too-deep' }
    if (!(thrown instanceof SyntaxError)) throw thrown
    if (thrown.message.startsWith('Not enough stack space')) return { kind: 'too-deep' }
    const { line, column } = (thrown as SyntaxError & { loc?: { line: number; column: number } }).loc ?? {
      line: 1,
      column: 0,
    }
    return { kind: 'failed', message: thrown.message.replace(/ \(\d+:\d+\)$/, ''), line, column: column + 1 }
  }
}

/** Visits every node without recursion. `enter` gets the ancestors' depth and the parent. Returns the greatest depth. */
export function walkProgram(
  program: Program,
  enter: (node: AnyNode, parent: AnyNode | null, depth: number) => void,
): number {
  const open: { node: AnyNode; parent: AnyNode | null; depth: number }[] = [{ node: program, parent: null, depth: 0 }]
  let deepest = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, parent, depth } = next
    deepest = Math.max(deepest, depth)
    enter(node, parent, depth)
    for (const child of childrenOf(node).toReversed()) open.push({ node: child, parent: node, depth: depth + 1 })
  }
  return deepest
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
