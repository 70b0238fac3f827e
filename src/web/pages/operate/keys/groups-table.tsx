import type { Group } from '../../../api/generated/operators.ts'
import { RecordTable } from '../../../components/record-table.tsx'
import { Said } from '../../../components/said.tsx'
import { groupLimitText } from './limit-rows.ts'

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))

/** The groups in force, as they are configured: what their callers may use at most, and how much of it. */
export function GroupsTable({ groups }: { readonly groups: readonly Group[] }) {
  return (
    <section aria-label="Groups">
      <h2>Groups</h2>
      <RecordTable
        caption="Groups, as they are configured"
        empty="No group is configured."
        rows={groups}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Group', cell: ({ name }) => <Said>{name}</Said> },
          { title: 'Models', cell: ({ models }) => <Said>{listed(models)}</Said> },
          { title: 'Tools', cell: ({ tools }) => <Said>{listed(tools)}</Said> },
          { title: 'Data sources', cell: ({ data_sources: sources }) => <Said>{listed(sources)}</Said> },
          {
            title: 'Profiles',
            cell: ({ filter_profile: filter, privacy_profile: privacy }) => (
              <Said>{privacy === null ? filter : `${filter}, privacy: ${privacy}`}</Said>
            ),
          },
          { title: 'Tenant', cell: ({ tenant }) => <Said>{tenant}</Said> },
          {
            title: 'Limits',
            cell: ({ limits }) => (limits.length === 0 ? 'none' : limits.map(groupLimitText).join('; ')),
          },
        ]}
      />
    </section>
  )
}
