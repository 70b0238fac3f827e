/** Where in the statement something of the analyzed tree stands: byte offsets of the text that was analyzed. */
export interface TreePlaces {
  /** Calls of functions, aggregates and window functions by name: offset → pg_proc OID. */
  readonly calls: ReadonlyMap<number, number>
  /** Constants: offset → pg_type OID of what the literal was read as. */
  readonly constants: ReadonlyMap<number, number>
}

interface Frame {
  readonly isConstant: boolean
  /** OID of the function or the type; 0 before it is met. */
  oid: number
  location: number
}

/** A node's begin and end, the fields looked at, and whatever is escaped, in which none of them counts. */
const tokens = /\\.|\{([A-Z]*)|\}|:(funcid|aggfnoid|winfnoid|consttype|location)\s+(-?\d+)/gs

/** Reads the text form of a `Query`, in which a node's own fields stand between those of its arguments. */
export function readPlaces(tree: string): TreePlaces {
  const calls = new Map<number, number>()
  const constants = new Map<number, number>()
  const stack: Frame[] = []
  for (const [token, type, field, number] of tree.matchAll(tokens)) {
    const frame = stack.at(-1)
    if (type !== undefined) stack.push({ isConstant: type === 'CONST', oid: 0, location: -1 })
    else if (token === '}') {
      stack.pop()
      if (frame === undefined || frame.oid === 0 || frame.location < 0) continue
      ;(frame.isConstant ? constants : calls).set(frame.location, frame.oid)
    } else if (frame !== undefined && field === 'location') frame.location = Number(number)
    else if (frame !== undefined && field !== undefined) frame.oid = Number(number)
  }
  return { calls, constants }
}

/**
 * The tree without the columns that each JOIN lists of its two sides, read or not: of those that are read, another node
 * says so. Parts in brackets are left out whole; escaped brackets are part of a name or a constant.
 */
export function withoutJoinColumns(tree: string): string {
  let rest = ''
  let from = 0
  for (const { index, 0: mark } of tree.matchAll(/:joinaliasvars\s+\(/g)) {
    // A join inside what was left out is left out with it.
    if (index < from) continue
    rest += tree.slice(from, index)
    from = endOfList(tree, index + mark.length)
  }
  return rest + tree.slice(from)
}

/** The position after the bracket that closes the list around `start`. */
function endOfList(tree: string, start: number): number {
  let depth = 1
  for (let at = start; at < tree.length; at += 1) {
    const character = tree[at]
    if (character === '\\') at += 1
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth === 0) return at + 1
  }
  return tree.length
}
