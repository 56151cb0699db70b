-- `known_as` is the name of a block or, where that is blank, the member's, else the newest guest's. Writing `name`, even unchanged, works it out
-- anew. The lists of blocks are searched by it, and by digits, as members are (src/web/search.ts).
-- A block that is stored writes its own consent record: whoever stores it cannot forget to.
CREATE VIRTUAL TABLE unsubscribed_contacts_fts USING fts5(known_as, phone, content='unsubscribed_contacts', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
INSERT INTO unsubscribed_contacts_fts(unsubscribed_contacts_fts) VALUES ('rebuild');
--> statement-breakpoint
CREATE TRIGGER unsubscribed_contacts_known_as AFTER UPDATE OF name ON unsubscribed_contacts BEGIN
  UPDATE unsubscribed_contacts SET known_as = coalesce(
    nullif(new.name, ''),
    (SELECT nullif(m.name, '') FROM community_members m WHERE m.phone = new.phone),
    (SELECT r.name FROM event_registrations r WHERE r.phone = new.phone AND r.name <> '' ORDER BY r.id DESC LIMIT 1),
    '') WHERE id = new.id;
END;
--> statement-breakpoint
-- All in one trigger: the order of two would be left to chance.
CREATE TRIGGER unsubscribed_contacts_insert AFTER INSERT ON unsubscribed_contacts BEGIN
  INSERT INTO unsubscribed_contacts_fts(rowid, known_as, phone) VALUES (new.id, new.known_as, new.phone);
  UPDATE unsubscribed_contacts SET name = name WHERE id = new.id;
  INSERT INTO consent_events (phone, kind, how, created_by, detail, log_id, import_id, created_at)
    VALUES (new.phone, 'opted_out', coalesce('{"inbound":"keyword","message_failure":"provider","import":"import"}' ->> new.source, 'form'),
      new.created_by, new.reason, new.log_id, new.import_id, new.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER unsubscribed_contacts_source AFTER UPDATE OF source ON unsubscribed_contacts WHEN old.source <> new.source BEGIN
  INSERT INTO consent_events (phone, kind, how, created_by, detail, log_id, import_id, created_at)
    VALUES (new.phone, 'opted_out', coalesce('{"inbound":"keyword","message_failure":"provider","import":"import"}' ->> new.source, 'form'),
      new.created_by, new.reason, new.log_id, new.import_id, new.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER unsubscribed_contacts_fts_delete AFTER DELETE ON unsubscribed_contacts BEGIN
  INSERT INTO unsubscribed_contacts_fts(unsubscribed_contacts_fts, rowid, known_as, phone) VALUES ('delete', old.id, old.known_as, old.phone);
END;
--> statement-breakpoint
CREATE TRIGGER unsubscribed_contacts_fts_update AFTER UPDATE OF known_as, phone ON unsubscribed_contacts WHEN old.known_as <> new.known_as OR old.phone <> new.phone BEGIN
  INSERT INTO unsubscribed_contacts_fts(unsubscribed_contacts_fts, rowid, known_as, phone) VALUES ('delete', old.id, old.known_as, old.phone);
  INSERT INTO unsubscribed_contacts_fts(rowid, known_as, phone) VALUES (new.id, new.known_as, new.phone);
END;
--> statement-breakpoint
UPDATE unsubscribed_contacts SET name = name;
--> statement-breakpoint
CREATE VIRTUAL TABLE suppressed_contacts_fts USING fts5(known_as, phone, content='suppressed_contacts', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
INSERT INTO suppressed_contacts_fts(suppressed_contacts_fts) VALUES ('rebuild');
--> statement-breakpoint
CREATE TRIGGER suppressed_contacts_known_as AFTER UPDATE OF name ON suppressed_contacts BEGIN
  UPDATE suppressed_contacts SET known_as = coalesce(
    nullif(new.name, ''),
    (SELECT nullif(m.name, '') FROM community_members m WHERE m.phone = new.phone),
    (SELECT r.name FROM event_registrations r WHERE r.phone = new.phone AND r.name <> '' ORDER BY r.id DESC LIMIT 1),
    '') WHERE id = new.id;
END;
--> statement-breakpoint
-- All in one trigger: the order of two would be left to chance.
CREATE TRIGGER suppressed_contacts_insert AFTER INSERT ON suppressed_contacts BEGIN
  INSERT INTO suppressed_contacts_fts(rowid, known_as, phone) VALUES (new.id, new.known_as, new.phone);
  UPDATE suppressed_contacts SET name = name WHERE id = new.id;
  INSERT INTO consent_events (phone, kind, how, detail, log_id, created_at)
    VALUES (new.phone, 'suppressed', 'provider', new.reason, new.log_id, new.created_at);
END;
--> statement-breakpoint
CREATE TRIGGER suppressed_contacts_fts_delete AFTER DELETE ON suppressed_contacts BEGIN
  INSERT INTO suppressed_contacts_fts(suppressed_contacts_fts, rowid, known_as, phone) VALUES ('delete', old.id, old.known_as, old.phone);
END;
--> statement-breakpoint
CREATE TRIGGER suppressed_contacts_fts_update AFTER UPDATE OF known_as, phone ON suppressed_contacts WHEN old.known_as <> new.known_as OR old.phone <> new.phone BEGIN
  INSERT INTO suppressed_contacts_fts(suppressed_contacts_fts, rowid, known_as, phone) VALUES ('delete', old.id, old.known_as, old.phone);
  INSERT INTO suppressed_contacts_fts(rowid, known_as, phone) VALUES (new.id, new.known_as, new.phone);
END;
--> statement-breakpoint
UPDATE suppressed_contacts SET name = name;
--> statement-breakpoint
CREATE TRIGGER community_members_known_as_insert AFTER INSERT ON community_members BEGIN
  UPDATE unsubscribed_contacts SET name = name WHERE phone = new.phone AND name = '';
  UPDATE suppressed_contacts SET name = name WHERE phone = new.phone AND name = '';
END;
--> statement-breakpoint
CREATE TRIGGER community_members_known_as_update AFTER UPDATE OF name, phone ON community_members BEGIN
  UPDATE unsubscribed_contacts SET name = name WHERE phone IN (old.phone, new.phone) AND name = '';
  UPDATE suppressed_contacts SET name = name WHERE phone IN (old.phone, new.phone) AND name = '';
END;
--> statement-breakpoint
CREATE TRIGGER community_members_known_as_delete AFTER DELETE ON community_members BEGIN
  UPDATE unsubscribed_contacts SET name = name WHERE phone = old.phone AND name = '';
  UPDATE suppressed_contacts SET name = name WHERE phone = old.phone AND name = '';
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_known_as_insert AFTER INSERT ON event_registrations BEGIN
  UPDATE unsubscribed_contacts SET name = name WHERE phone = new.phone AND name = '';
  UPDATE suppressed_contacts SET name = name WHERE phone = new.phone AND name = '';
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_known_as_update AFTER UPDATE OF name, phone ON event_registrations BEGIN
  UPDATE unsubscribed_contacts SET name = name WHERE phone IN (old.phone, new.phone) AND name = '';
  UPDATE suppressed_contacts SET name = name WHERE phone IN (old.phone, new.phone) AND name = '';
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_known_as_delete AFTER DELETE ON event_registrations BEGIN
  UPDATE unsubscribed_contacts SET name = name WHERE phone = old.phone AND name = '';
  UPDATE suppressed_contacts SET name = name WHERE phone = old.phone AND name = '';
END;
--> statement-breakpoint
CREATE VIRTUAL TABLE event_registrations_fts USING fts5(name, phone, content='event_registrations', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
INSERT INTO event_registrations_fts(event_registrations_fts) VALUES ('rebuild');
--> statement-breakpoint
CREATE TRIGGER event_registrations_fts_insert AFTER INSERT ON event_registrations BEGIN
  INSERT INTO event_registrations_fts(rowid, name, phone) VALUES (new.id, new.name, new.phone);
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_fts_delete AFTER DELETE ON event_registrations BEGIN
  INSERT INTO event_registrations_fts(event_registrations_fts, rowid, name, phone) VALUES ('delete', old.id, old.name, old.phone);
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_fts_update AFTER UPDATE OF name, phone ON event_registrations BEGIN
  INSERT INTO event_registrations_fts(event_registrations_fts, rowid, name, phone) VALUES ('delete', old.id, old.name, old.phone);
  INSERT INTO event_registrations_fts(rowid, name, phone) VALUES (new.id, new.name, new.phone);
END;
