CREATE TABLE `former_contacts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`phone` text NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `former_contacts_phone` ON `former_contacts` (`phone`);--> statement-breakpoint
-- "Did Maria get it?" is asked of people who are on no list any more, too: whoever was texted and leaves one leaves their name here.
CREATE VIRTUAL TABLE former_contacts_fts USING fts5(name, phone, content='former_contacts', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
CREATE TRIGGER former_contacts_fts_insert AFTER INSERT ON former_contacts BEGIN
  INSERT INTO former_contacts_fts(rowid, name, phone) VALUES (new.id, new.name, new.phone);
END;
--> statement-breakpoint
CREATE TRIGGER former_contacts_fts_delete AFTER DELETE ON former_contacts BEGIN
  INSERT INTO former_contacts_fts(former_contacts_fts, rowid, name, phone) VALUES ('delete', old.id, old.name, old.phone);
END;
--> statement-breakpoint
CREATE TRIGGER former_contacts_fts_update AFTER UPDATE OF name, phone ON former_contacts WHEN old.name <> new.name OR old.phone <> new.phone BEGIN
  INSERT INTO former_contacts_fts(former_contacts_fts, rowid, name, phone) VALUES ('delete', old.id, old.name, old.phone);
  INSERT INTO former_contacts_fts(rowid, name, phone) VALUES (new.id, new.name, new.phone);
END;
--> statement-breakpoint
CREATE TRIGGER community_members_former AFTER DELETE ON community_members WHEN old.name <> ''
  AND EXISTS (SELECT 1 FROM message_deliveries WHERE phone = old.phone) BEGIN
  INSERT INTO former_contacts (phone, name) VALUES (old.phone, old.name) ON CONFLICT (phone) DO UPDATE SET name = excluded.name;
END;
--> statement-breakpoint
CREATE TRIGGER community_members_former_phone AFTER UPDATE OF phone ON community_members WHEN old.phone <> new.phone AND old.name <> ''
  AND EXISTS (SELECT 1 FROM message_deliveries WHERE phone = old.phone) BEGIN
  INSERT INTO former_contacts (phone, name) VALUES (old.phone, old.name) ON CONFLICT (phone) DO UPDATE SET name = excluded.name;
END;
--> statement-breakpoint
CREATE TRIGGER event_registrations_former AFTER DELETE ON event_registrations WHEN old.name <> ''
  AND EXISTS (SELECT 1 FROM message_deliveries WHERE phone = old.phone) BEGIN
  INSERT INTO former_contacts (phone, name) VALUES (old.phone, old.name) ON CONFLICT (phone) DO UPDATE SET name = excluded.name;
END;
--> statement-breakpoint
-- Who left before is known by the last text to them. SQLite takes `name` from the row with the max.
INSERT INTO former_contacts (phone, name)
  SELECT phone, name FROM (
    SELECT phone, name, max(log_id) FROM message_deliveries
    WHERE name <> '' AND phone NOT IN (SELECT phone FROM community_members) AND phone NOT IN (SELECT phone FROM event_registrations)
    GROUP BY phone);
