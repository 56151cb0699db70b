-- The audit trail only grows, whatever else may have a fault. The setting for how long it is kept is not in the database, and the age of the
-- other rows says nothing: a rule such as "only the oldest may go" lets go of one after the other, and of all of them. So the prune first says,
-- in a row of its own, from when on events are kept (src/audit/audit.ts); without that row nothing can be deleted.
CREATE TRIGGER audit_events_kept BEFORE DELETE ON audit_events
WHEN old.created_at >= coalesce((SELECT kept_from_at FROM audit_retention WHERE id = 1), old.created_at) BEGIN
  SELECT RAISE(ABORT, 'audit events are kept until their retention is over');
END;
--> statement-breakpoint
CREATE TRIGGER audit_events_unchanged BEFORE UPDATE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'audit events are never changed');
END;
--> statement-breakpoint
-- INSERT OR REPLACE deletes what it replaces without asking a trigger of DELETE.
CREATE TRIGGER audit_events_added BEFORE INSERT ON audit_events WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = new.id) BEGIN
  SELECT RAISE(ABORT, 'audit events are never replaced');
END;
