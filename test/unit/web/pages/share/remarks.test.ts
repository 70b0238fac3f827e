import { expect, it } from 'vitest'
import type { SharedPart } from '../../../../../src/client/generated/shares.ts'
import { isRemark } from '../../../../../src/web/pages/share/remarks.ts'

const said = (role: 'user' | 'assistant', text: string): SharedPart => ({ type: 'message', role, text })
const plan: SharedPart = { type: 'plan', steps: [] }

it('tells what was said on the way from what answers', () => {
  const first = [said('user', 'q'), said('assistant', 'I look.'), plan, said('assistant', 'Seven.')]
  const items = [...first, said('user', 'q'), said('assistant', 'Eight.'), plan]
  expect(items.map((_, at) => isRemark(items, at))).toEqual([false, true, false, false, false, false, false])
  expect(isRemark(items, 99)).toBe(false)
})
