type Words = {
  /** After the name of who did it: `signed in`. */
  done: string
  /** The same where it was refused. */
  tried?: string
}

/** Every kind of audit event, in the order of the list's filter. The names are kept for years: one that was recorded is never renamed. */
export const auditTypes = {
  login_success: { done: 'Signed in' },
  login_code_asked: { done: 'Typed the right password, and was asked for the code' },
  login_failure: { done: 'Failed to sign in' },
  login_blocked: { done: 'Was kept from signing in' },
  logout: { done: 'Signed out' },
  session_revoked: { done: 'Signed a device out' },
  password_changed: { done: 'Changed their password', tried: 'Tried to change their password' },
  admin_password_reset: { done: 'Set a new password for somebody' },
  second_factor_turned_on: { done: 'Turned on their sign-in code', tried: 'Tried to turn on a sign-in code' },
  second_factor_turned_off: { done: 'Turned off their sign-in code', tried: 'Tried to turn off their sign-in code' },
  recovery_codes_made: { done: 'Made new recovery codes', tried: 'Tried to make new recovery codes' },
  second_factor_reset: { done: 'Took away somebody’s sign-in code' },
  lockout_cleared: { done: 'Ended a lock at the door' },
  alert_sent: { done: 'Texted somebody about their account' },
  alert_failed: { done: 'Could not text somebody about their account' },
  user_created: { done: 'Added a user' },
  user_updated: { done: 'Changed a user' },
  user_deleted: { done: 'Deleted a user' },

  blast_sent: { done: 'Sent a blast' },
  blast_undone: { done: 'Undid a blast' },
  blast_paused: { done: 'Paused a blast' },
  blast_resumed: { done: 'Resumed a blast' },
  blast_cancelled: { done: 'Cancelled a blast' },
  blast_retried: { done: 'Retried a blast' },
  delivery_decided: { done: 'Decided about a text that may have arrived' },
  blast_exported: { done: 'Downloaded the results of a blast' },
  logs_cleared: { done: 'Cleared finished blasts', tried: 'Tried to clear finished blasts' },

  blast_scheduled: { done: 'Scheduled a text' },
  scheduled_edited: { done: 'Changed a scheduled text' },
  scheduled_cancelled: { done: 'Cancelled a scheduled text' },
  scheduled_deleted: { done: 'Deleted scheduled texts' },
  series_started: { done: 'Started a repeating text' },
  series_ended: { done: 'Ended a repeating text' },

  member_added: { done: 'Added a member' },
  member_updated: { done: 'Changed a member' },
  members_deleted: { done: 'Deleted members' },
  member_unsubscribed: { done: 'Opted a member out' },
  members_imported: { done: 'Imported members' },
  members_exported: { done: 'Downloaded all members' },

  template_created: { done: 'Added a template' },
  template_updated: { done: 'Changed a template' },
  template_deleted: { done: 'Deleted a template' },

  event_created: { done: 'Added an event' },
  event_updated: { done: 'Changed an event' },
  event_deleted: { done: 'Deleted events' },
  registration_added: { done: 'Put a guest on the list' },
  registration_removed: { done: 'Took a guest off the list' },
  registration_unsubscribed: { done: 'Opted a guest out' },
  registrations_imported: { done: 'Imported guests' },
  registrations_exported: { done: 'Downloaded the guests of an event' },

  opt_out_added: { done: 'Added an opt-out' },
  opt_outs_imported: { done: 'Imported opt-outs' },
  opt_outs_exported: { done: 'Downloaded all opt-outs' },
  opt_outs_reinstated: { done: 'Took opt-outs back' },
  suppressions_lifted: { done: 'Lifted blocks of numbers' },
  suppressions_backfilled: { done: 'Looked through past texts for blocks' },

  import_uploaded: { done: 'Uploaded a file' },
  import_undone: { done: 'Undid an import' },
  import_problems_exported: { done: 'Downloaded the problems of an import' },

  simulator_set: { done: 'Set the pretend phones' },
  simulator_replied: { done: 'Answered from a pretend phone' },

  backup_taken: { done: 'Took a backup' },
  database_restored: { done: 'Put a backup in place' },
  legacy_imported: { done: 'Took over the data of the former app' },

  audit_exported: { done: 'Downloaded this log' },
} as const satisfies Record<string, Words>

export type AuditType = keyof typeof auditTypes

export const auditTypeNames = Object.keys(auditTypes) as AuditType[]

const isAuditType = (name: string): name is AuditType => Object.hasOwn(auditTypes, name)

/** What happened, in words. Of a name that nothing records any more, the name. */
export function auditWords(type: string, outcome: string): string {
  if (!isAuditType(type)) return type
  const { done, tried }: Words = auditTypes[type]
  return outcome === 'success' ? done : (tried ?? done)
}
