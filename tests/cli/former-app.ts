import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/* The schema of the Flask app, as its last version has it. */
const schema = `
CREATE TABLE users (id INTEGER PRIMARY KEY, username VARCHAR(80) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, phone VARCHAR(20),
  role VARCHAR(30) NOT NULL, must_change_password BOOLEAN NOT NULL DEFAULT 0, session_nonce VARCHAR(64) NOT NULL DEFAULT '', created_at DATETIME);
CREATE TABLE user_password_history (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, password_hash VARCHAR(255) NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE community_members (id INTEGER PRIMARY KEY, name VARCHAR(100), phone VARCHAR(20) NOT NULL UNIQUE, created_at DATETIME);
CREATE TABLE events (id INTEGER PRIMARY KEY, title VARCHAR(200) NOT NULL, date DATE, created_at DATETIME);
CREATE TABLE event_registrations (id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL, name VARCHAR(100), phone VARCHAR(20) NOT NULL, created_at DATETIME);
CREATE TABLE message_logs (id INTEGER PRIMARY KEY, created_at DATETIME, message_body TEXT NOT NULL, target VARCHAR(20) NOT NULL, event_id INTEGER,
  status VARCHAR(20), total_recipients INTEGER, success_count INTEGER, failure_count INTEGER, details TEXT);
CREATE TABLE scheduled_messages (id INTEGER PRIMARY KEY, created_at DATETIME, scheduled_at DATETIME NOT NULL, message_body TEXT NOT NULL,
  target VARCHAR(20) NOT NULL, event_id INTEGER, status VARCHAR(20), test_mode BOOLEAN, sent_at DATETIME, message_log_id INTEGER);
CREATE TABLE unsubscribed_contacts (id INTEGER PRIMARY KEY, name VARCHAR(100), phone VARCHAR(20) NOT NULL UNIQUE, reason TEXT, source VARCHAR(50) NOT NULL,
  created_at DATETIME);
CREATE TABLE suppressed_contacts (id INTEGER PRIMARY KEY, phone VARCHAR(20) NOT NULL UNIQUE, reason TEXT, category VARCHAR(20) NOT NULL, source VARCHAR(50),
  source_type VARCHAR(50), source_message_log_id INTEGER, created_at DATETIME, updated_at DATETIME);
CREATE TABLE auth_events (id INTEGER PRIMARY KEY, event_type VARCHAR(50) NOT NULL, outcome VARCHAR(20) NOT NULL, user_id INTEGER, username VARCHAR(80),
  client_ip VARCHAR(45), metadata_json TEXT, created_at DATETIME NOT NULL);
CREATE TABLE login_attempts (id INTEGER PRIMARY KEY, client_ip VARCHAR(45) NOT NULL, username VARCHAR(80) NOT NULL, attempt_count INTEGER NOT NULL,
  first_attempt_at DATETIME NOT NULL, locked_until DATETIME);
CREATE TABLE inbox_threads (id INTEGER PRIMARY KEY, phone VARCHAR(20) NOT NULL UNIQUE, contact_name VARCHAR(100), unread_count INTEGER NOT NULL,
  last_message_at DATETIME NOT NULL, last_message_preview TEXT, last_direction VARCHAR(10), created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL);
CREATE TABLE inbox_messages (id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL, phone VARCHAR(20) NOT NULL, direction VARCHAR(10) NOT NULL, body TEXT NOT NULL,
  message_sid VARCHAR(64) UNIQUE, automation_source VARCHAR(30), automation_source_id INTEGER, matched_keyword VARCHAR(40), delivery_status VARCHAR(30),
  delivery_error TEXT, raw_payload TEXT, created_at DATETIME NOT NULL);
CREATE TABLE keyword_automation_rules (id INTEGER PRIMARY KEY, keyword VARCHAR(40) NOT NULL, response_body TEXT NOT NULL, is_active BOOLEAN NOT NULL,
  match_count INTEGER NOT NULL, last_matched_at DATETIME, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL);
CREATE TABLE survey_flows (id INTEGER PRIMARY KEY, name VARCHAR(120) NOT NULL UNIQUE, trigger_keyword VARCHAR(40) NOT NULL, intro_message TEXT,
  questions_json TEXT NOT NULL, completion_message TEXT, linked_event_id INTEGER, is_active BOOLEAN NOT NULL, start_count INTEGER NOT NULL,
  completion_count INTEGER NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL);
CREATE TABLE survey_sessions (id INTEGER PRIMARY KEY, survey_id INTEGER NOT NULL, thread_id INTEGER NOT NULL, phone VARCHAR(20) NOT NULL,
  status VARCHAR(20) NOT NULL, current_question_index INTEGER NOT NULL, started_at DATETIME NOT NULL, last_activity_at DATETIME NOT NULL, completed_at DATETIME);
CREATE TABLE survey_responses (id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL, survey_id INTEGER NOT NULL, phone VARCHAR(20) NOT NULL,
  question_index INTEGER NOT NULL, question_prompt TEXT NOT NULL, answer TEXT NOT NULL, created_at DATETIME NOT NULL);
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, applied_at TEXT NOT NULL);
INSERT INTO schema_migrations VALUES ('001', '2026-01-02T03:04:05.678+00:00');`

type Cells = Record<string, string | number | null>

export const at = '2026-11-01 08:00:00.250000'
export const atMs = Date.parse('2026-11-01T08:00:00.250Z')

/** A database of the former app in a folder of its own. */
export function createFormerApp() {
  const folder = mkdtempSync(join(tmpdir(), 'sms-admin-former-'))
  const path = join(folder, 'former.sqlite')
  const change = (work: (file: BetterSqlite3.Database) => void) => {
    const file = new BetterSqlite3(path)
    work(file)
    file.close()
  }
  change((file) => file.exec(schema))
  const add = (table: string, ...rows: Cells[]) =>
    change((file) => {
      for (const row of rows) {
        const names = Object.keys(row)
        file.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(Object.values(row))
      }
    })
  const log = (details: unknown, more: Cells = {}) =>
    add('message_logs', {
      ...{ created_at: at, message_body: 'Hello {first_name}', target: 'community', status: 'sent', total_recipients: 0, success_count: 0 },
      ...{ details: typeof details === 'string' ? details : JSON.stringify(details), ...more },
    })
  return { folder, path, add, log, change, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A row in every table, all that belongs together. */
export function fillFormerApp({ add, log }: ReturnType<typeof createFormerApp>, hash: string): void {
  add('users', { username: 'Rosa', password_hash: hash, role: 'admin', phone: '+13235550101', created_at: at })
  add('user_password_history', { user_id: 1, password_hash: hash, created_at: at })
  add('community_members', { name: 'Ana', phone: '+13235550142', created_at: at }, { name: 'Ben', phone: '(323) 555-0143', created_at: at })
  add('events', { title: 'Picnic', date: '2026-12-01', created_at: at })
  add('event_registrations', { event_id: 1, name: 'Ana', phone: '+13235550142', created_at: at })
  log([{ phone: '+13235550142', name: 'Ana', success: true, error: null }], { event_id: 1, target: 'event', total_recipients: 1 })
  add('scheduled_messages', {
    created_at: at,
    scheduled_at: '2026-11-23 08:00:00',
    message_body: 'Soon',
    target: 'event',
    event_id: 1,
    status: 'pending',
  })
  add('unsubscribed_contacts', { name: 'Cem', phone: '+13235550144', reason: 'STOP', source: 'inbound', created_at: at })
  add('suppressed_contacts', {
    phone: '+13235550145',
    reason: 'Landline 21614',
    category: 'hard_fail',
    source: 'message_failure',
    source_message_log_id: 1,
    created_at: at,
  })
  add('auth_events', {
    event_type: 'login_success',
    outcome: 'success',
    user_id: 1,
    username: 'Rosa',
    client_ip: '192.0.2.7',
    metadata_json: '{"remember": false, "phone": "+13235550101"}',
    created_at: at,
  })
  add('login_attempts', { client_ip: '192.0.2.7', username: 'rosa', attempt_count: 1, first_attempt_at: at })
  add('inbox_threads', {
    phone: '+13235550142',
    contact_name: 'Ana',
    unread_count: 2,
    last_message_at: at,
    last_message_preview: 'Hi',
    last_direction: 'inbound',
    created_at: at,
    updated_at: at,
  })
  add(
    'inbox_messages',
    { thread_id: 1, phone: '+13235550142', direction: 'inbound', body: 'Hi', message_sid: 'SM1', created_at: at },
    {
      thread_id: 1,
      phone: '+13235550142',
      direction: 'outbound',
      body: 'Hello',
      delivery_status: 'failed',
      delivery_error: 'Unreachable 30003',
      created_at: at,
    },
  )
  add('keyword_automation_rules', {
    keyword: 'HOURS',
    response_body: '9 to 5',
    is_active: 1,
    match_count: 3,
    created_at: at,
    updated_at: at,
  })
  add('survey_flows', {
    name: 'Guests',
    trigger_keyword: 'PICNIC',
    intro_message: 'Welcome',
    questions_json: '["Your name?", "How many?"]',
    completion_message: 'Thanks',
    linked_event_id: 1,
    is_active: 1,
    start_count: 1,
    completion_count: 1,
    created_at: at,
    updated_at: at,
  })
  add('survey_sessions', {
    survey_id: 1,
    thread_id: 1,
    phone: '+13235550142',
    status: 'completed',
    current_question_index: 2,
    started_at: at,
    last_activity_at: at,
    completed_at: at,
  })
  add('survey_responses', {
    session_id: 1,
    survey_id: 1,
    phone: '+13235550142',
    question_index: 0,
    question_prompt: 'Your name?',
    answer: 'Ana',
    created_at: at,
  })
}
