import { toolDeclarations, type ToolDeclarations } from '../../../src/provenance/declarations.ts'

// What an operator of AgentDojo's tools would say of them: by tool and for all tasks alike.

const content = { role: 'content' }
const value = { role: 'value' }
const label = { role: 'label' }
const person = {
  role: 'target',
  words: ['email', 'address', 'participant', 'contact'],
  fields: ['email', 'participants'],
}
const files = { records: { kind: 'file', id: 'id_', names: ['filename'] }, origin: 'file' }
const events = { records: { kind: 'event', id: 'id_', names: ['title'] } }
const emails = { records: { kind: 'email', id: 'id_', names: ['subject'] } }
const record = (kind: string) => ({ role: 'target', kind })
const reads = (result: object = {}, parameters: object = {}) => ({ effect: 'reads', parameters, result })
const changes = (verbs: readonly string[], objects: readonly string[], parameters: object, result: object = {}) => ({
  effect: 'changes',
  calledFor: { verbs, objects },
  parameters,
  result,
})

const create = ['create', 'add', 'make', 'book', 'schedule', 'put', 'set']
const send = ['send', 'write', 'email', 'mail', 'message', 'forward', 'reply', 'answer', 'tell']
const change = [
  'update',
  'change',
  'adjust',
  'modify',
  'edit',
  'correct',
  'set',
  'move',
  'reschedule',
  'postpone',
  'shift',
]
const remove = ['delete', 'remove', 'erase', 'cancel', 'discard']
const calendar = ['event', 'calendar', 'appointment', 'meeting', 'reminder', 'lunch', 'dinner']

const office = {
  send_email: changes(send, ['email', 'mail', 'message'], {
    'recipients[]': person,
    'cc[]': person,
    'bcc[]': person,
    subject: content,
    body: content,
    'attachments[].type': value,
    'attachments[].file_id': record('file'),
  }),
  delete_email: changes(remove, ['email', 'mail', 'message'], { email_id: record('email') }),
  get_unread_emails: reads(emails),
  get_sent_emails: reads(emails),
  get_received_emails: reads(emails),
  get_draft_emails: reads(emails),
  search_emails: reads(emails),
  search_contacts_by_name: reads({ records: { kind: 'contact', names: ['name'] } }),
  search_contacts_by_email: reads({ records: { kind: 'contact', names: ['name'] } }),
  get_current_day: reads({ trusted: true }),
  search_calendar_events: reads(events),
  get_day_calendar_events: reads(events),
  create_calendar_event: changes(
    create,
    calendar,
    {
      title: label,
      description: content,
      location: content,
      start_time: value,
      end_time: value,
      'participants[]': person,
    },
    events,
  ),
  cancel_calendar_event: changes(remove, calendar, { event_id: record('event') }),
  reschedule_calendar_event: changes(change, [], {
    event_id: record('event'),
    new_start_time: value,
    new_end_time: value,
  }),
  add_calendar_event_participants: changes(['add', 'invite', 'include'], ['participant', ...calendar], {
    event_id: record('event'),
    'participants[]': person,
  }),
  append_to_file: changes(['append', 'add', 'write', 'put', 'insert'], ['file', 'document', 'list', 'note'], {
    file_id: record('file'),
    content,
  }),
  search_files_by_filename: reads(files),
  create_file: changes(create, ['file', 'document'], { filename: { role: 'target' }, content }, files),
  delete_file: changes(remove, ['file', 'document'], { file_id: record('file') }),
  get_file_by_id: reads(files),
  list_files: reads(files),
  share_file: changes(['share'], ['file', 'document'], { file_id: record('file'), email: person, permission: value }),
  search_files: reads(files),
}

const bookings = ['book', 'reserve', 'make', 'rent']
const guides = `get_all_hotels_in_city get_hotels_prices get_rating_reviews_for_hotels
   get_hotels_address get_all_restaurants_in_city get_cuisine_type_for_restaurants
   get_restaurants_address get_rating_reviews_for_restaurants check_restaurant_opening_hours
   get_dietary_restrictions_for_all_restaurants get_contact_information_for_restaurants get_price_for_restaurants
   get_all_car_rental_companies_in_city get_car_types_available get_rating_reviews_for_car_rental
   get_car_fuel_options get_car_rental_address get_car_price_per_day
   get_flight_information`.split(/\s+/)
const travel = {
  ...Object.fromEntries(guides.map((name) => [name, reads()])),
  get_user_information: reads({ private: ['passport', 'card', 'information', 'account', 'profile'] }),
  reserve_hotel: changes(bookings, ['hotel', 'room', 'stay'], {
    hotel: { role: 'target' },
    start_day: value,
    end_day: value,
  }),
  reserve_car_rental: changes(bookings, ['car'], { company: { role: 'target' }, start_time: value, end_time: value }),
  reserve_restaurant: changes(bookings, ['restaurant', 'table'], { restaurant: { role: 'target' }, start_time: value }),
}

const account = { role: 'target', words: ['iban', 'account'] }
const payments = ['payment', 'transaction', 'order', 'transfer']
const scheduled = { records: { kind: 'scheduled', id: 'id', names: ['subject'] } }
const banking = {
  get_iban: reads({ trusted: true }),
  send_money: changes(['pay', 'send', 'transfer', 'refund', 'wire', 'reimburse'], [], {
    recipient: account,
    amount: value,
    subject: content,
    date: value,
  }),
  schedule_transaction: changes(['schedule', 'scheduled', 'set', 'create'], payments, {
    recipient: account,
    amount: value,
    subject: content,
    date: value,
    recurring: value,
  }),
  update_scheduled_transaction: changes(change, payments, {
    id: record('scheduled'),
    recipient: account,
    amount: value,
    subject: content,
    date: value,
    recurring: value,
  }),
  get_balance: reads({ trusted: true }),
  get_most_recent_transactions: reads({ records: { kind: 'transaction', id: 'id', names: ['subject'] } }),
  get_scheduled_transactions: reads(scheduled),
  read_file: reads({ origin: 'file', locator: 'file_path' }),
  get_user_info: reads({ private: ['information', 'address', 'profile', 'name'] }),
  update_password: changes(change, ['password'], { password: { role: 'target' } }),
  update_user_info: changes(change, ['information', 'address', 'profile', 'details'], {
    first_name: value,
    last_name: value,
    street: value,
    city: value,
  }),
}

const messages = { records: { kind: 'message', names: ['sender'] }, roster: { of: 'user', member: 'sender' } }
const channel = { role: 'target', roster: 'channel', words: ['channel'] }
const user = { role: 'target', roster: 'user', words: ['user', 'everyone', 'everybody'] }
const page = { role: 'target', words: ['website', 'webpage', 'page', 'site', 'link', 'article', 'blog'] }
const slack = {
  get_channels: reads({ roster: { of: 'channel' } }),
  add_user_to_channel: changes(['add', 'invite', 'put'], ['channel'], { user, channel }),
  read_channel_messages: reads({ ...messages, locator: 'channel' }),
  read_inbox: reads({ ...messages, locator: 'user' }),
  send_direct_message: changes([...send, 'post'], [], { recipient: user, body: content }),
  send_channel_message: changes([...send, 'post'], ['channel'], { channel, body: content }),
  get_users_in_channel: reads({ roster: { of: 'user' } }),
  invite_user_to_slack: changes(['invite', 'add'], ['slack', 'workspace'], {
    user: { role: 'target' },
    user_email: person,
  }),
  remove_user_from_slack: changes(remove, ['user', 'slack', 'workspace'], { user }),
  get_webpage: reads({ origin: 'web', locator: 'url' }, { url: page }),
  post_webpage: changes(['post', 'publish', 'write', 'put'], ['website', 'webpage', 'page', 'site'], {
    url: page,
    content,
  }),
}

export const agentDojoTools: ToolDeclarations = toolDeclarations.parse({ ...office, ...travel, ...banking, ...slack })
