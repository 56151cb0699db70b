CREATE TABLE `message_templates` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`message_body` text NOT NULL,
	`updated_by` text DEFAULT '' NOT NULL,
	`last_used_at` integer,
	`last_used_by` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_templates_name` ON `message_templates` (`name_key`);--> statement-breakpoint
CREATE INDEX `message_templates_used` ON `message_templates` (`last_used_at`);--> statement-breakpoint
CREATE INDEX `message_templates_updated` ON `message_templates` (`updated_at`);--> statement-breakpoint
CREATE VIRTUAL TABLE message_templates_fts USING fts5(name, message_body, content='message_templates', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
CREATE TRIGGER message_templates_fts_insert AFTER INSERT ON message_templates BEGIN
  INSERT INTO message_templates_fts(rowid, name, message_body) VALUES (new.id, new.name, new.message_body);
END;
--> statement-breakpoint
CREATE TRIGGER message_templates_fts_delete AFTER DELETE ON message_templates BEGIN
  INSERT INTO message_templates_fts(message_templates_fts, rowid, name, message_body) VALUES ('delete', old.id, old.name, old.message_body);
END;
--> statement-breakpoint
CREATE TRIGGER message_templates_fts_update AFTER UPDATE OF name, message_body ON message_templates BEGIN
  INSERT INTO message_templates_fts(message_templates_fts, rowid, name, message_body) VALUES ('delete', old.id, old.name, old.message_body);
  INSERT INTO message_templates_fts(rowid, name, message_body) VALUES (new.id, new.name, new.message_body);
END;
