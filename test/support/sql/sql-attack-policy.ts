/** What the rows of `test/attack/sql.jsonl` are judged under. */
export const sqlAttackPolicy = {
  minimum_group_size: 5,
  relations: {
    orders: '*',
    order_lines: '*',
    customers: { columns: { email: { mask: 'partial' }, phone: 'deny' }, other_columns: 'allow' },
    staff: { columns: { salary: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' },
    mailing: { columns: { email: { mask: 'partial' }, domain: 'allow' }, other_columns: 'allow' },
    contacts: '*',
    contacts_again: '*',
    pay_list: '*',
    whole_customers: '*',
  },
}
