/**
 * What stands at a position of an API:
 * - `text`: words, in a text, in a list of them, or as names and values of an object of any shape; numbers, too;
 * - `identifier`: a name that programs compare. Only what has a form of its own is looked for in it, no names of people;
 * - `json`: JSON, written in a text or not, that a tool is called with;
 * - `tool-text`: any other text that a tool is called with;
 * - `schema`: a JSON Schema, in which descriptions and examples are words and the rest are names;
 * - `file-name`;
 * - `data`: the content of a file as base64, or as an address that begins with `data:`;
 * - `media`: a picture, a sound or a film, or the address of one;
 * - `place`: where somebody is, which a search of the provider needs as it is;
 * - `token-ids`: a list of numbers that stand for text where it is no text;
 * - `sealed`: what the provider has signed or encrypted. It is never changed;
 * - `kept`: the model's name, ids of what the provider keeps, and credentials for others. They are never changed.
 */
export type PositionKind =
  | 'text'
  | 'identifier'
  | 'json'
  | 'tool-text'
  | 'schema'
  | 'file-name'
  | 'data'
  | 'media'
  | 'place'
  | 'token-ids'
  | 'sealed'
  | 'kept'

/**
 * Where in a body something stands: `messages[].content[].text`. `[]` is every element of a list, `*` every name of an
 * object, `**` everything below.
 */
export type Positions = Readonly<Record<string, PositionKind>>

/** A tree of positions: what stands at a place, and what below it. */
export interface PositionNode {
  readonly kind: PositionKind | null
  readonly members: ReadonlyMap<string, PositionNode>
  /** The same by what other spellings of their names have in common. */
  readonly spellings: ReadonlyMap<string, PositionNode>
  readonly anyMember: PositionNode | null
  readonly element: PositionNode | null
  /** What everything below is that has no position of its own. */
  readonly below: PositionKind | null
}

interface Growing {
  kind: PositionKind | null
  readonly members: Map<string, Growing>
  readonly spellings: Map<string, Growing>
  anyMember: Growing | null
  element: Growing | null
  below: PositionKind | null
}

const grow = (): Growing => ({
  kind: null,
  members: new Map(),
  spellings: new Map(),
  anyMember: null,
  element: null,
  below: null,
})

function growTree(positions: Positions): PositionNode {
  const root = grow()
  for (const [path, kind] of Object.entries(positions)) {
    let node = root
    let isBelow = false
    for (const step of path.match(/\[\]|\*\*|[^.[\]]+/g) ?? []) {
      if (step === '**') isBelow = true
      else node = stepTo(node, step)
    }
    if (isBelow) node.below = kind
    else node.kind = kind
  }
  return root
}

function stepTo(node: Growing, step: string): Growing {
  if (step === '[]') return (node.element ??= grow())
  if (step === '*') return (node.anyMember ??= grow())
  const known = node.members.get(step)
  if (known !== undefined) return known
  const made = grow()
  node.members.set(step, made)
  node.spellings.set(spellingOf(step), made)
  return made
}

/** The positions with a path in front of each. */
export function under(prefix: string, positions: Positions): Positions {
  return Object.fromEntries(Object.entries(positions).map(([path, kind]) => [joined(prefix, path), kind]))
}

const joined = (prefix: string, path: string): string =>
  path === '' || path.startsWith('[') ? prefix + path : `${prefix}.${path}`

const noMembers: PositionNode['members'] = new Map()
const leafOf = (kind: PositionKind): PositionNode => {
  return { kind, members: noMembers, spellings: noMembers, anyMember: null, element: null, below: kind }
}

/** The position of a member, null where the table does not know it. */
export function memberOf(node: PositionNode | null, name: string): PositionNode | null {
  if (node === null) return null
  const known = node.members.get(name) ?? node.anyMember
  return known ?? (node.below === null ? null : leafOf(node.below))
}

/** Servers in Go take no notice of case, those of protocol buffers take `imageUrl` for `image_url`. */
const spellingOf = (name: string): string => name.replaceAll('\u017f', 's').toLowerCase().replace(/[_-]/g, '')

/** The position of the member that some server may take for a name that the table does not know; null for any other. */
export function likeMemberOf(node: PositionNode | null, name: string): PositionNode | null {
  return node === null || name.length > longestName ? null : (node.spellings.get(spellingOf(name)) ?? null)
}

const longestName = 64

/** The position of the elements of a list, null where the table does not know it. */
export function elementOf(node: PositionNode | null): PositionNode | null {
  if (node === null) return null
  return node.element ?? (node.below === null ? null : leafOf(node.below))
}

/** Where the requests and answers of one API hold what. A position that is not listed is treated as text. */
export interface ApiPositions {
  /** Members of a request that a model reads before the turns, wherever they stand in the body. */
  readonly first: readonly string[]
  /** Members whose elements are the turns of a conversation, in their order. */
  readonly turns: readonly string[]
  readonly request: Positions
  /** What is restored in a whole answer. What is not listed stays as it came. */
  readonly answer: Positions
  /** What is restored in an event beside the pieces of a text that it carries. */
  readonly event: Positions
}

const trees = new WeakMap<Positions, PositionNode>()

/** The tree of positions, made once for each table. */
export function positionTree(positions: Positions): PositionNode {
  let tree = trees.get(positions)
  if (tree === undefined) trees.set(positions, (tree = growTree(positions)))
  return tree
}

/** The tree of the requests of an API. */
export const requestTree = (positions: ApiPositions): PositionNode => positionTree(positions.request)
