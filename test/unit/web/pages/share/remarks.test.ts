import { expect, it } from 'vitest'
import type { SharedPart } from '../../../../../src/client/generated/shares.ts'
import { isRemark, stepOf } from '../../../../../src/web/pages/share/remarks.ts'

const said = (role: 'user' | 'assistant', text: string): SharedPart => ({ type: 'message', role, text, marks: [] })
const plan: SharedPart = { type: 'plan', steps: [] }

it('tells what was said on the way from what answers', () => {
  const first = [said('user', 'q'), said('assistant', 'I look.'), plan, said('assistant', 'Seven.')]
  const items = [...first, said('user', 'q'), said('assistant', 'Eight.'), plan]
  expect(items.map((_, at) => isRemark(items, at))).toEqual([false, true, false, false, false, false, false])
  expect(isRemark(items, 99)).toBe(false)
})

it('numbers steps, those that are left out among them', () => {
  const gone: SharedPart = { type: 'left-out', what: 'call', name: 'run_sql', why: 'policy', sentence: 'No.' }
  const items = [said('user', 'q'), gone, plan, gone, said('assistant', 'a')]
  expect(items.map((_, at) => stepOf(items, at))).toEqual([0, 1, 1, 2, 2])
})
