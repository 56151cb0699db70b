CREATE INDEX `event_registrations_created` ON `event_registrations` (`event_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `events_title` ON `events` ("title" COLLATE NOCASE);--> statement-breakpoint
CREATE VIRTUAL TABLE events_fts USING fts5(title, content='events', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
INSERT INTO events_fts(events_fts) VALUES ('rebuild');
--> statement-breakpoint
CREATE TRIGGER events_fts_insert AFTER INSERT ON events BEGIN
  INSERT INTO events_fts(rowid, title) VALUES (new.id, new.title);
END;
--> statement-breakpoint
CREATE TRIGGER events_fts_delete AFTER DELETE ON events BEGIN
  INSERT INTO events_fts(events_fts, rowid, title) VALUES ('delete', old.id, old.title);
END;
--> statement-breakpoint
CREATE TRIGGER events_fts_update AFTER UPDATE OF title ON events BEGIN
  INSERT INTO events_fts(events_fts, rowid, title) VALUES ('delete', old.id, old.title);
  INSERT INTO events_fts(rowid, title) VALUES (new.id, new.title);
END;
--> statement-breakpoint
DROP TRIGGER event_registrations_fts_insert;
--> statement-breakpoint
DROP TRIGGER event_registrations_fts_delete;
--> statement-breakpoint
DROP TRIGGER event_registrations_fts_update;
--> statement-breakpoint
DROP TABLE event_registrations_fts;
--> statement-breakpoint
-- The event is a word of three characters, one trigram, so that a search in one event reads that event's guests and no others
-- (eventWord in src/events/registration-queries.ts). Ids count in base 8192 from U+4E00 on, which no tokenizer folds.
CREATE VIEW event_registrations_searched AS
  SELECT id, char(19968 + event_id / 67108864 % 8192, 19968 + event_id / 8192 % 8192, 19968 + event_id % 8192) AS event, name, phone
  FROM event_registrations;
--> statement-breakpoint
CREATE VIRTUAL TABLE event_registrations_fts USING fts5(event, name, phone, content='event_registrations_searched', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
INSERT INTO event_registrations_fts(event_registrations_fts) VALUES ('rebuild');
--> statement-breakpoint
CREATE TRIGGER event_registrations_fts_insert AFTER INSERT ON event_registrations BEGIN
  INSERT INTO event_registrations_fts(rowid, event, name, phone)
    SELECT id, event, name, phone FROM event_registrations_searched WHERE id = new.id;
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_fts_delete BEFORE DELETE ON event_registrations BEGIN
  INSERT INTO event_registrations_fts(event_registrations_fts, rowid, event, name, phone)
    SELECT 'delete', id, event, name, phone FROM event_registrations_searched WHERE id = old.id;
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_fts_forget BEFORE UPDATE OF event_id, name, phone ON event_registrations BEGIN
  INSERT INTO event_registrations_fts(event_registrations_fts, rowid, event, name, phone)
    SELECT 'delete', id, event, name, phone FROM event_registrations_searched WHERE id = old.id;
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_fts_update AFTER UPDATE OF event_id, name, phone ON event_registrations BEGIN
  INSERT INTO event_registrations_fts(rowid, event, name, phone)
    SELECT id, event, name, phone FROM event_registrations_searched WHERE id = new.id;
END;
