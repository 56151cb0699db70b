import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/*
 * Times are integers, UTC milliseconds, and end in `_at`. Phones are E.164.
 * D1 bills every row written, index entries too: an index here has to earn its place (docs/architecture.md).
 */

const id = () => integer('id').primaryKey({ autoIncrement: true })
const at = (name: string) => integer(name).notNull()

export const roles = ['admin', 'social_manager'] as const
export type Role = (typeof roles)[number]

export const users = sqliteTable(
  'users',
  {
    id: id(),
    username: text('username').notNull(),
    passwordHash: text('password_hash').notNull(),
    role: text('role', { enum: roles }).notNull(),
    phone: text('phone'),
    mustChangePassword: integer('must_change_password', { mode: 'boolean' }).notNull().default(false),
    /** Of the codes at sign-in, sealed (src/auth/seal.ts); null where there is no second factor. */
    secondFactorSecret: text('second_factor_secret'),
    /** The 30 seconds, counted from 1970, of the last code that was used: none of then or before is taken again. */
    secondFactorStep: integer('second_factor_step').notNull().default(0),
    secondFactorAt: integer('second_factor_at'),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [uniqueIndex('users_username').on(sql`lower(${t.username})`)],
)

export const passwordHistory = sqliteTable(
  'password_history',
  {
    id: id(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    passwordHash: text('password_hash').notNull(),
    createdAt: at('created_at'),
  },
  (t) => [index('password_history_user').on(t.userId)],
)

/** Server-side sessions. `id` is a keyed hash of the cookie's value, so that a copy of the database signs nobody in. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    data: text('data').notNull(),
    userAgent: text('user_agent').notNull().default(''),
    address: text('address').notNull().default(''),
    createdAt: at('created_at'),
    lastSeenAt: at('last_seen_at'),
    idleExpiresAt: at('idle_expires_at'),
    expiresAt: at('expires_at'),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
)

export const loginAttempts = sqliteTable(
  'login_attempts',
  {
    id: id(),
    username: text('username').notNull(),
    address: text('address').notNull(),
    /** The remembered device it came from: such a try counts against nobody else. */
    deviceId: integer('device_id'),
    attemptedAt: at('attempted_at'),
  },
  (t) => [
    index('login_attempts_username').on(t.username, t.attemptedAt),
    index('login_attempts_address').on(t.address, t.attemptedAt),
    index('login_attempts_device').on(t.deviceId, t.attemptedAt).where(sql`device_id IS NOT NULL`),
  ],
)

/** Browsers in which a user has signed in. Hashes as of sessions; `former_hash` is the token before, good until the one after it is used. */
export const rememberedDevices = sqliteTable(
  'remembered_devices',
  {
    id: id(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: text('token_hash').notNull(),
    formerHash: text('former_hash').notNull().default(''),
    userAgent: text('user_agent').notNull().default(''),
    createdAt: at('created_at'),
    lastUsedAt: at('last_used_at'),
    expiresAt: at('expires_at'),
  },
  (t) => [index('remembered_devices_user').on(t.userId)],
)

/** One use each: a used one is gone. Hashed with the user's own secret, so that they outlive a change of SECRET_KEY. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.codeHash] })],
)

/** The password was right, the code is yet to come. `id` is a keyed hash of the cookie's value. */
export const halfWaySignIns = sqliteTable('half_way_sign_ins', {
  id: text('id').primaryKey(),
  userId: integer('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** What the password was proven against. */
  passwordHash: text('password_hash').notNull(),
  remember: integer('remember', { mode: 'boolean' }).notNull(),
  /** Where they were going. */
  next: text('next').notNull(),
  expiresAt: at('expires_at'),
})

export const alertKinds = [
  'lockout',
  'code_lockout',
  'password_changed',
  'password_reset',
  'new_device',
  'second_factor_on',
  'second_factor_off',
  'second_factor_reset',
  'recovery_code',
] as const
export type AlertKind = (typeof alertKinds)[number]

/** Texts to users about their own account. Kept a day, to know what a user was told lately. */
export const securityAlerts = sqliteTable(
  'security_alerts',
  {
    id: id(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: alertKinds }).notNull(),
    /** What the words need, e.g. the device; nothing that somebody typed. */
    detail: text('detail').notNull().default(''),
    attempts: integer('attempts').notNull().default(0),
    /** Not to be sent before then; null once it is claimed. */
    dueAt: integer('due_at'),
    claimedAt: integer('claimed_at'),
    /** Null: its result is not recorded yet. */
    doneAt: integer('done_at'),
    createdAt: at('created_at'),
  },
  (t) => [
    index('security_alerts_user').on(t.userId, t.kind, t.createdAt),
    index('security_alerts_open').on(t.id).where(sql`done_at IS NULL`),
  ],
)

export const auditOutcomes = ['success', 'failure', 'blocked'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** Triggers let it only grow; the prune alone takes away, and only what is older than `audit_retention` says. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: id(),
    eventType: text('event_type').notNull(),
    outcome: text('outcome', { enum: auditOutcomes }).notNull(),
    userId: integer('user_id'),
    username: text('username').notNull().default(''),
    address: text('address').notNull().default(''),
    /** What it was done to, e.g. `blast 12`. Never message text, never a whole phone number. */
    subject: text('subject').notNull().default(''),
    createdAt: at('created_at'),
  },
  // Each holds all that the list may be narrowed and ordered by, so that no row is read but those of the page (src/audit/queries.ts).
  (t) => [
    index('audit_events_created').on(t.createdAt, t.id, t.outcome, t.eventType, sql`${t.username} COLLATE NOCASE`),
    index('audit_events_type').on(t.eventType, t.createdAt, t.id, t.outcome, sql`${t.username} COLLATE NOCASE`),
    index('audit_events_username').on(sql`${t.username} COLLATE NOCASE`, t.createdAt, t.id, t.outcome, t.eventType),
    index('audit_events_refused')
      .on(t.outcome, t.createdAt, t.id, t.eventType, sql`${t.username} COLLATE NOCASE`)
      .where(sql`outcome <> 'success'`),
  ],
)

/** One row, id 1, set by the prune: audit events from then on cannot be deleted. */
export const auditRetention = sqliteTable('audit_retention', {
  id: integer('id').primaryKey(),
  keptFrom: integer('kept_from_at').notNull(),
})

export const communityMembers = sqliteTable(
  'community_members',
  {
    id: id(),
    name: text('name').notNull().default(''),
    phone: text('phone').notNull(),
    importId: integer('import_id'),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [
    uniqueIndex('community_members_phone').on(t.phone),
    index('community_members_name').on(sql`${t.name} = ''`, sql`${t.name} COLLATE NOCASE`, t.phone),
    index('community_members_created').on(t.createdAt),
  ],
)

export const events = sqliteTable(
  'events',
  {
    id: id(),
    title: text('title').notNull(),
    /** Calendar day, YYYY-MM-DD, in the organisation's zone. */
    date: text('date'),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [index('events_date').on(t.date), index('events_title').on(sql`${t.title} COLLATE NOCASE`)],
)

export const eventRegistrations = sqliteTable(
  'event_registrations',
  {
    id: id(),
    eventId: integer('event_id')
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    name: text('name').notNull().default(''),
    phone: text('phone').notNull(),
    importId: integer('import_id'),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [
    uniqueIndex('event_registrations_phone').on(t.eventId, t.phone),
    index('event_registrations_person').on(t.phone),
    index('event_registrations_name').on(t.eventId, sql`${t.name} = ''`, sql`${t.name} COLLATE NOCASE`, t.phone),
    index('event_registrations_created').on(t.eventId, t.createdAt),
  ],
)

export const unsubscribedContacts = sqliteTable(
  'unsubscribed_contacts',
  {
    id: id(),
    phone: text('phone').notNull(),
    name: text('name').notNull().default(''),
    reason: text('reason').notNull().default(''),
    /** `inbound` (they texted STOP), `message_failure` (the provider said so), `staff`, `import`. */
    source: text('source').notNull(),
    logId: integer('log_id'),
    importId: integer('import_id'),
    /** `name`, or where it is blank the member's or the guest's; kept by triggers, so that the list is sorted and searched by it. */
    knownAs: text('known_as').notNull().default(''),
    createdBy: text('created_by').notNull().default(''),
    createdAt: at('created_at'),
  },
  (t) => [
    uniqueIndex('unsubscribed_contacts_phone').on(t.phone),
    index('unsubscribed_contacts_created').on(t.createdAt),
    index('unsubscribed_contacts_name').on(sql`${t.knownAs} = ''`, sql`${t.knownAs} COLLATE NOCASE`, t.phone),
    index('unsubscribed_contacts_reason').on(sql`${t.reason} COLLATE NOCASE`, t.phone),
    index('unsubscribed_contacts_source').on(t.source, t.phone),
  ],
)

/** Texts from people, by the provider's id, so that a webhook which comes twice counts once. Kept `inboundRetentionMs` (deliveries/inbound.ts). */
export const inboundMessages = sqliteTable(
  'inbound_messages',
  {
    messageSid: text('message_sid').primaryKey(),
    phone: text('phone').notNull(),
    keyword: text('keyword', { enum: ['stop', 'start'] }),
    receivedAt: at('received_at'),
  },
  (t) => [index('inbound_messages_received').on(t.receivedAt)],
)

export const suppressedContacts = sqliteTable(
  'suppressed_contacts',
  {
    id: id(),
    phone: text('phone').notNull(),
    name: text('name').notNull().default(''),
    /** `hard_fail`: the number cannot get texts. */
    category: text('category').notNull(),
    reason: text('reason').notNull().default(''),
    errorCode: integer('error_code'),
    source: text('source').notNull(),
    logId: integer('log_id'),
    /** As of an opt-out. */
    knownAs: text('known_as').notNull().default(''),
    createdAt: at('created_at'),
  },
  (t) => [
    uniqueIndex('suppressed_contacts_phone').on(t.phone),
    index('suppressed_contacts_created').on(t.createdAt),
    index('suppressed_contacts_name').on(sql`${t.knownAs} = ''`, sql`${t.knownAs} COLLATE NOCASE`, t.phone),
    index('suppressed_contacts_reason').on(sql`${t.reason} COLLATE NOCASE`, t.phone),
    index('suppressed_contacts_source').on(t.source, t.phone),
    index('suppressed_contacts_category').on(t.category, t.phone),
  ],
)

export const consentKinds = ['added', 'removed', 'opted_out', 'opted_in', 'suppressed', 'lifted'] as const
/** `form`: staff, by hand. `keyword`: the person texted it. `provider`: read from its answer to a text. */
export const consentWays = ['form', 'import', 'import_undone', 'keyword', 'provider'] as const

/** What happened to the consent of a phone, and never changes: kept when the person is deleted from every list. */
export const consentEvents = sqliteTable(
  'consent_events',
  {
    id: id(),
    phone: text('phone').notNull(),
    kind: text('kind', { enum: consentKinds }).notNull(),
    how: text('how', { enum: consentWays }).notNull(),
    /** Username, or empty where no staff did it. */
    createdBy: text('created_by').notNull().default(''),
    /** Why, in the words of staff; the keyword; or what the provider said. */
    detail: text('detail').notNull().default(''),
    logId: integer('log_id'),
    importId: integer('import_id'),
    /** Of `added` and `removed`: the event whose guest it was; null: a member. */
    eventId: integer('event_id'),
    createdAt: at('created_at'),
  },
  (t) => [index('consent_events_phone').on(t.phone)],
)

/** Whoever was on a list, by their last name there; written by triggers when they leave it, so that they are found by that name afterwards. */
export const formerContacts = sqliteTable(
  'former_contacts',
  { id: id(), phone: text('phone').notNull(), name: text('name').notNull() },
  (t) => [uniqueIndex('former_contacts_phone').on(t.phone)],
)

export const targets = ['community', 'event'] as const
export type Target = (typeof targets)[number]

export const blastStatuses = ['held', 'processing', 'paused', 'sent', 'failed', 'cancelled'] as const
export type BlastStatus = (typeof blastStatuses)[number]

/** A blast: one send to an audience. */
export const messageLogs = sqliteTable(
  'message_logs',
  {
    id: id(),
    status: text('status', { enum: blastStatuses }).notNull(),
    /** The template as sent, STOP line included. */
    messageBody: text('message_body').notNull(),
    target: text('target', { enum: targets }).notNull(),
    eventId: integer('event_id'),
    testMode: integer('test_mode', { mode: 'boolean' }).notNull().default(false),
    includeUnsubscribe: integer('include_unsubscribe', { mode: 'boolean' }).notNull().default(false),
    /** What the recipients saw it come from. */
    sender: text('sender').notNull().default(''),
    /** Chosen by the review form: a second click is the same blast. */
    submissionId: text('submission_id').notNull(),
    createdBy: text('created_by').notNull().default(''),
    totalRecipients: integer('total_recipients').notNull().default(0),
    /** Left out at the snapshot, by reason. */
    excludedOptedOut: integer('excluded_opted_out').notNull().default(0),
    excludedSuppressed: integer('excluded_suppressed').notNull().default(0),
    excludedDuplicate: integer('excluded_duplicate').notNull().default(0),
    /** Deliveries by status as last counted, JSON; `countsStale` asks for a recount. The rows are the truth. */
    counts: text('counts').notNull().default('{}'),
    countsStale: integer('counts_stale', { mode: 'boolean' }).notNull().default(true),
    holdUntil: integer('hold_until_at').notNull(),
    /** The provider asked the whole blast to slow down until then. */
    throttledUntil: integer('throttled_until_at').notNull().default(0),
    /** Such waits in a row, without a text accepted after one of them. */
    throttles: integer('throttles').notNull().default(0),
    /** The first of its rows in `message_deliveries`, the others follow. */
    firstDelivery: integer('first_delivery_id'),
    /** Failures alike among its first recipients have stopped it: who resumed it knows. */
    warned: integer('warned', { mode: 'boolean' }).notNull().default(false),
    /** Why it is paused: a provider code, or null when staff paused it. */
    pauseCode: integer('pause_code'),
    pausedBy: text('paused_by').notNull().default(''),
    /** It is from a backup: what became of it from then, `restored_from_at`, to its restore, `restored_at`, only the provider knows. */
    restoredFrom: integer('restored_from_at'),
    restoredAt: integer('restored_at'),
    createdAt: at('created_at'),
    startedAt: integer('started_at'),
    /** When it last began to go on, after a pause or for a retry, and how many were handled by then; null: not counted. */
    resumedAt: integer('resumed_at'),
    resumedHandled: integer('resumed_handled'),
    finishedAt: integer('finished_at'),
  },
  (t) => [
    uniqueIndex('message_logs_submission').on(t.submissionId),
    index('message_logs_created').on(t.createdAt),
    index('message_logs_status').on(t.status, t.createdAt),
    index('message_logs_sender').on(t.sender),
    index('message_logs_open').on(t.status).where(sql`finished_at IS NULL`),
    index('message_logs_stale').on(t.id).where(sql`counts_stale = 1`),
  ],
)

export const deliveryStatuses = [
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'skipped',
  'unknown',
] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** A delivery: one blast × one phone. Snapshot in the order in which people are listed, so `id` order is name order. */
export const messageDeliveries = sqliteTable(
  'message_deliveries',
  {
    id: id(),
    logId: integer('log_id')
      .notNull()
      .references(() => messageLogs.id, { onDelete: 'cascade' }),
    phone: text('phone').notNull(),
    name: text('name').notNull().default(''),
    status: text('status', { enum: deliveryStatuses }).notNull(),
    /** Why it was skipped: `opted_out`, `suppressed`, `undone`, `cancelled`, `gave_up`. */
    skipReason: text('skip_reason'),
    /** Made anew for each claim; only its holder may record the result. */
    claimToken: text('claim_token'),
    leaseUntil: integer('lease_until_at'),
    attempts: integer('attempts').notNull().default(0),
    /** Not to be claimed before then (backoff of one recipient), or to be asked about again (unknown). */
    notBefore: integer('not_before_at').notNull().default(0),
    /** When the request that may have been accepted was claimed; reconciling looks from here on. */
    attemptedAt: integer('attempted_at'),
    /** An unknown that only a person can decide. */
    needsPerson: integer('needs_person', { mode: 'boolean' }).notNull().default(false),
    providerSid: text('provider_sid'),
    /** Of earlier attempts that definitely failed, JSON array: their messages are not this attempt's (deliveries/reconcile.ts). */
    formerSids: text('former_sids').notNull().default('[]'),
    /** The `attempted_at` of an unknown that a person had sent again: a text of it may still be at the provider, and is no other delivery's. */
    doubtedAttempt: integer('doubted_attempt_at'),
    errorCode: integer('error_code'),
    parts: integer('parts'),
    updatedAt: at('updated_at'),
  },
  (t) => [uniqueIndex('message_deliveries_phone').on(t.phone, t.logId), index('message_deliveries_status').on(t.logId, t.status)],
)

/** One row, id 1: who may send. Kept alive by a heartbeat, taken over when it lapses. */
export const senderLease = sqliteTable('sender_lease', {
  id: integer('id').primaryKey(),
  holder: text('holder').notNull(),
  expiresAt: at('expires_at'),
})

export const scheduledStatuses = ['pending', 'processing', 'sent', 'failed', 'expired', 'cancelled'] as const

export const scheduledMessages = sqliteTable(
  'scheduled_messages',
  {
    id: id(),
    status: text('status', { enum: scheduledStatuses }).notNull(),
    messageBody: text('message_body').notNull(),
    target: text('target', { enum: targets }).notNull(),
    eventId: integer('event_id'),
    testMode: integer('test_mode', { mode: 'boolean' }).notNull().default(false),
    includeUnsubscribe: integer('include_unsubscribe', { mode: 'boolean' }).notNull().default(false),
    submissionId: text('submission_id').notNull(),
    timeZone: text('time_zone').notNull(),
    dueAt: at('due_at'),
    logId: integer('log_id'),
    /** The series it is one of. */
    scheduleId: integer('schedule_id'),
    /** Why it was not sent: `late`, `quiet`, `superseded`, `nobody`, `empty`, `no_test_phone`, `restored`; or why it goes out later: `moved`. */
    reason: text('reason').notNull().default(''),
    /** Claimed to be started; a lapsed lease without a blast lets another start it. */
    leaseUntil: integer('lease_until_at').notNull().default(0),
    createdBy: text('created_by').notNull().default(''),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [
    uniqueIndex('scheduled_messages_submission').on(t.submissionId),
    index('scheduled_messages_due').on(t.status, t.dueAt),
    index('scheduled_messages_list').on(sql`(status = 'pending' OR status = 'processing')`, t.dueAt),
    uniqueIndex('scheduled_messages_occurrence').on(t.scheduleId, t.dueAt).where(sql`schedule_id IS NOT NULL`),
  ],
)

/** A text that goes out again and again; each time is a scheduled message of its own. */
export const recurringSchedules = sqliteTable(
  'recurring_schedules',
  {
    id: id(),
    messageBody: text('message_body').notNull(),
    target: text('target', { enum: targets }).notNull(),
    eventId: integer('event_id'),
    testMode: integer('test_mode', { mode: 'boolean' }).notNull().default(false),
    includeUnsubscribe: integer('include_unsubscribe', { mode: 'boolean' }).notNull().default(false),
    submissionId: text('submission_id').notNull(),
    /** JSON of `Rule` (src/schedule/recurrence.ts). */
    rule: text('rule').notNull(),
    /** The day, YYYY-MM-DD in its zone, of the last occurrence that was made. */
    madeThrough: text('made_through').notNull().default(''),
    /** When the next ones are to be made; null when all are. */
    refillAt: integer('refill_at'),
    endedAt: integer('ended_at'),
    createdBy: text('created_by').notNull().default(''),
    createdAt: at('created_at'),
  },
  (t) => [uniqueIndex('recurring_schedules_submission').on(t.submissionId)],
)

/** A text that staff keep to begin with, again and again. */
export const messageTemplates = sqliteTable(
  'message_templates',
  {
    id: id(),
    name: text('name').notNull(),
    /** The name in small letters: SQLite's own lower() knows A to Z only. */
    nameKey: text('name_key').notNull(),
    /** As written, without the STOP line, which is a choice of each send. */
    messageBody: text('message_body').notNull(),
    /** Username. */
    updatedBy: text('updated_by').notNull().default(''),
    lastUsedAt: integer('last_used_at'),
    lastUsedBy: text('last_used_by').notNull().default(''),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [
    uniqueIndex('message_templates_name').on(t.nameKey),
    index('message_templates_used').on(t.lastUsedAt),
    index('message_templates_updated').on(t.updatedAt),
  ],
)

export const importKinds = ['members', 'registrations', 'opt_outs'] as const
export const importStatuses = ['reading', 'previewed', 'committing', 'committed', 'undoing', 'undone', 'failed'] as const

export const imports = sqliteTable(
  'imports',
  {
    id: id(),
    kind: text('kind', { enum: importKinds }).notNull(),
    eventId: integer('event_id'),
    filename: text('filename').notNull(),
    status: text('status', { enum: importStatuses }).notNull(),
    /** Why it failed, in words for staff. */
    fault: text('fault').notNull().default(''),
    /** How the columns were read: JSON of `src/imports/columns.ts`. */
    columns: text('columns').notNull().default('{}'),
    totalRows: integer('total_rows').notNull().default(0),
    /** Rows read, committed or undone so far, by the status. */
    doneRows: integer('done_rows').notNull().default(0),
    /** Rows by kind, JSON. */
    counts: text('counts').notNull().default('{}'),
    /** The step that a worker is on; a lapsed lease lets another go on from `doneRows`. */
    leaseUntil: integer('lease_until_at').notNull().default(0),
    leaseToken: text('lease_token'),
    createdBy: text('created_by').notNull().default(''),
    createdAt: at('created_at'),
    committedAt: integer('committed_at'),
    finishedAt: integer('finished_at'),
  },
  (t) => [
    index('imports_created').on(t.createdAt),
    index('imports_open').on(t.status).where(sql`status IN ('reading','committing','undoing')`),
  ],
)

/** The uploaded rows not yet read: JSON arrays of `[row number, …cells]`, at most 1 MB each (D1 takes 2 MB a row). */
export const importChunks = sqliteTable(
  'import_chunks',
  {
    importId: integer('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    rows: text('rows').notNull(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.position] })],
)

export const importRowKinds = ['new', 'changed', 'same', 'opted_out', 'duplicate', 'invalid'] as const

export const importRows = sqliteTable(
  'import_rows',
  {
    importId: integer('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    /** As in the sheet: a header is row 1. */
    rowNumber: integer('row_number').notNull(),
    kind: text('kind', { enum: importRowKinds }).notNull(),
    /** The cells as uploaded, JSON array. */
    raw: text('raw').notNull(),
    name: text('name').notNull().default(''),
    phone: text('phone'),
    reason: text('reason').notNull().default(''),
    fix: text('fix').notNull().default(''),
    /** At commit: the name before (null: there was nobody), so that undo can put it back. */
    priorName: text('prior_name'),
    /** At commit: `created`, `renamed` or `kept`. */
    applied: text('applied'),
  },
  (t) => [
    primaryKey({ columns: [t.importId, t.rowNumber] }),
    index('import_rows_kind').on(t.importId, t.kind, t.rowNumber),
    uniqueIndex('import_rows_phone').on(t.importId, t.phone).where(sql`phone IS NOT NULL AND kind <> 'duplicate'`),
  ],
)

/** What the simulated provider holds: texts to and from its pretend phones, its dials (`id` = 1) and when receipts were asked for (`id` = 2). */
export const simulatorMessages = sqliteTable(
  'simulator_messages',
  {
    id: id(),
    sid: text('sid').notNull(),
    direction: text('direction', { enum: ['to_phone', 'from_phone'] }).notNull(),
    phone: text('phone').notNull(),
    body: text('body').notNull(),
    status: text('status').notNull(),
    errorCode: integer('error_code'),
    parts: integer('parts').notNull().default(0),
    callbackUrl: text('callback_url').notNull().default(''),
    /** When the next receipt is due; null when all have been given. */
    nextReceiptAt: integer('next_receipt_at'),
    createdAt: at('created_at'),
  },
  (t) => [
    uniqueIndex('simulator_messages_sid').on(t.sid),
    index('simulator_messages_phone').on(t.phone, t.id),
    index('simulator_messages_due').on(t.nextReceiptAt).where(sql`next_receipt_at IS NOT NULL`),
  ],
)

export const simulatorDials = sqliteTable('simulator_dials', {
  id: integer('id').primaryKey(),
  dials: text('dials').notNull(),
})

/** When each of these was last done, for the health check and for a restore; names in src/health/job-runs.ts. */
export const jobRuns = sqliteTable('job_runs', {
  name: text('name').primaryKey(),
  ranAt: at('ran_at'),
  holder: text('holder').notNull().default(''),
})

/** What was said with one phone, as it is listed. */
export const inboxThreads = sqliteTable(
  'inbox_threads',
  {
    id: id(),
    phone: text('phone').notNull(),
    name: text('name').notNull().default(''),
    unread: integer('unread').notNull().default(0),
    /** The beginning of the last message. */
    preview: text('preview').notNull().default(''),
    lastDirection: text('last_direction'),
    lastMessageAt: at('last_message_at'),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [uniqueIndex('inbox_threads_phone').on(t.phone), index('inbox_threads_last').on(t.lastMessageAt)],
)

export const messageDirections = ['inbound', 'outbound'] as const

export const inboxMessages = sqliteTable(
  'inbox_messages',
  {
    id: id(),
    threadId: integer('thread_id')
      .notNull()
      .references(() => inboxThreads.id, { onDelete: 'cascade' }),
    direction: text('direction', { enum: messageDirections }).notNull(),
    messageBody: text('message_body').notNull(),
    messageSid: text('message_sid'),
    /** What answered by itself, e.g. `keyword` or `survey`, and its id; empty and null where a person did. */
    automation: text('automation').notNull().default(''),
    automationId: integer('automation_id'),
    keyword: text('keyword').notNull().default(''),
    /** Of outbound ones, as the provider last told it; empty where it told nothing. */
    status: text('status').notNull().default(''),
    errorCode: integer('error_code'),
    error: text('error').notNull().default(''),
    /** What else the provider sent along, JSON. */
    payload: text('payload').notNull().default(''),
    createdAt: at('created_at'),
  },
  (t) => [
    uniqueIndex('inbox_messages_sid').on(t.messageSid).where(sql`message_sid IS NOT NULL`),
    index('inbox_messages_thread').on(t.threadId, t.createdAt),
  ],
)

/** The answer to a text that is, or begins with, a word. */
export const keywordRules = sqliteTable(
  'keyword_rules',
  {
    id: id(),
    /** In capitals, white space collapsed. */
    keyword: text('keyword').notNull(),
    response: text('response').notNull(),
    active: integer('active', { mode: 'boolean' }).notNull(),
    matches: integer('matches').notNull().default(0),
    lastMatchedAt: integer('last_matched_at'),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [uniqueIndex('keyword_rules_keyword').on(t.keyword)],
)

export const surveys = sqliteTable(
  'surveys',
  {
    id: id(),
    name: text('name').notNull(),
    /** What starts it; as a keyword. */
    keyword: text('keyword').notNull(),
    intro: text('intro').notNull().default(''),
    completion: text('completion').notNull().default(''),
    /** Whoever completes it is registered there. */
    eventId: integer('event_id'),
    active: integer('active', { mode: 'boolean' }).notNull(),
    starts: integer('starts').notNull().default(0),
    completions: integer('completions').notNull().default(0),
    createdAt: at('created_at'),
    updatedAt: at('updated_at'),
  },
  (t) => [uniqueIndex('surveys_name').on(t.name), uniqueIndex('surveys_keyword').on(t.keyword)],
)

export const surveyQuestions = sqliteTable(
  'survey_questions',
  {
    surveyId: integer('survey_id')
      .notNull()
      .references(() => surveys.id, { onDelete: 'cascade' }),
    /** From 0. */
    position: integer('position').notNull(),
    question: text('question').notNull(),
  },
  (t) => [primaryKey({ columns: [t.surveyId, t.position] })],
)

/** One person's way through a survey. */
export const surveySessions = sqliteTable(
  'survey_sessions',
  {
    id: id(),
    surveyId: integer('survey_id')
      .notNull()
      .references(() => surveys.id, { onDelete: 'cascade' }),
    phone: text('phone').notNull(),
    status: text('status').notNull(),
    /** The question that is asked now. */
    position: integer('position').notNull(),
    startedAt: at('started_at'),
    lastActivityAt: at('last_activity_at'),
    completedAt: integer('completed_at'),
  },
  (t) => [index('survey_sessions_phone').on(t.phone, t.status), index('survey_sessions_survey').on(t.surveyId)],
)

export const surveyResponses = sqliteTable(
  'survey_responses',
  {
    id: id(),
    sessionId: integer('session_id')
      .notNull()
      .references(() => surveySessions.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    /** As it was asked then. */
    question: text('question').notNull(),
    answer: text('answer').notNull(),
    createdAt: at('created_at'),
  },
  (t) => [index('survey_responses_session').on(t.sessionId, t.position)],
)

/** Which row here a row of the former app became: what was taken over is not taken again, also when it was changed or deleted since. */
export const legacyRows = sqliteTable(
  'legacy_rows',
  {
    /** Which former database (src/legacy/source.ts). */
    origin: text('origin').notNull(),
    /** Its table there. */
    source: text('source').notNull(),
    sourceId: integer('source_id').notNull(),
    rowId: integer('row_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.origin, t.source, t.sourceId] })],
)
