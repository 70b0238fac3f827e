import type { PositionKind, PositionNode } from '../../gateway/privacy/positions/position.ts'
import { isExempt } from './exempt-positions.ts'

/** What stands behind the name of a position that has none below it. */
const behindKind: Readonly<Partial<Record<PositionKind, string>>> = {
  // One text, or a list of them.
  text: String.raw`(?:\.\d+)?$`,
  'tool-text': String.raw`(?:\.\d+)?$`,
  // Lists of lists of numbers.
  'token-ids': String.raw`(?:\.\d+)*$`,
  // An object of any shape, whose names are the caller's.
  json: String.raw`(?:\.[\s\S]*)?$`,
  schema: String.raw`(?:\.[\s\S]*)?$`,
}

/**
 * The regular expression, anchored at both ends, of the names that a firewall gives to what stands at the exempt positions of
 * a tree: `json.messages.0.content` for `messages[].content`. Null where none is exempt. It is of the syntax that RE2, PCRE
 * and JavaScript have in common, and of the kind that RE2 reads in one pass.
 */
export function argumentPattern(tree: PositionNode): string | null {
  const rest = patternBehind(tree)
  return rest === null ? null : `^json${rest}`
}

/** `isListed`: it is an element of a list that may stand for a text. */
function patternBehind(node: PositionNode, isListed = false): string | null {
  if (node.below !== null && isExempt[node.below]) return behindKind[node.below] ?? '$'
  const own = node.kind !== null && isExempt[node.kind] ? node.kind : null
  const steps = [
    stepTo(String.raw`\d+`, node.element, own === 'text'),
    // In the order of their letters, in which RE2 takes out what names that stand side by side begin with.
    ...[...node.members]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => stepTo(name, member)),
    stepTo('[^.]+', node.anyMember),
  ].filter((step) => step !== null)
  if (steps.length === 0) return own === null ? (isListed ? '$' : null) : (behindKind[own] ?? '$')
  const below = String.raw`\.${group(steps)}`
  return own === null && !isListed ? below : `(?:$|${below})`
}

function stepTo(name: string, node: PositionNode | null, isListed = false): string | null {
  const rest = node === null ? null : patternBehind(node, isListed)
  return rest === null ? null : name + rest
}

const group = (steps: readonly string[]): string => (steps.length === 1 ? (steps[0] ?? '') : `(?:${steps.join('|')})`)
