-- Texts are found by their words, however many there are: a scan of all of them takes longer with each.
CREATE VIRTUAL TABLE message_logs_fts USING fts5(message_body, content='message_logs', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
CREATE TRIGGER message_logs_fts_insert AFTER INSERT ON message_logs BEGIN
  INSERT INTO message_logs_fts(rowid, message_body) VALUES (new.id, new.message_body);
END;
--> statement-breakpoint
CREATE TRIGGER message_logs_fts_delete AFTER DELETE ON message_logs BEGIN
  INSERT INTO message_logs_fts(message_logs_fts, rowid, message_body) VALUES ('delete', old.id, old.message_body);
END;
--> statement-breakpoint
CREATE TRIGGER message_logs_fts_update AFTER UPDATE OF message_body ON message_logs WHEN old.message_body <> new.message_body BEGIN
  INSERT INTO message_logs_fts(message_logs_fts, rowid, message_body) VALUES ('delete', old.id, old.message_body);
  INSERT INTO message_logs_fts(rowid, message_body) VALUES (new.id, new.message_body);
END;
--> statement-breakpoint
INSERT INTO message_logs_fts(message_logs_fts) VALUES ('rebuild');
--> statement-breakpoint
CREATE VIRTUAL TABLE scheduled_messages_fts USING fts5(message_body, content='scheduled_messages', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
CREATE TRIGGER scheduled_messages_fts_insert AFTER INSERT ON scheduled_messages BEGIN
  INSERT INTO scheduled_messages_fts(rowid, message_body) VALUES (new.id, new.message_body);
END;
--> statement-breakpoint
CREATE TRIGGER scheduled_messages_fts_delete AFTER DELETE ON scheduled_messages BEGIN
  INSERT INTO scheduled_messages_fts(scheduled_messages_fts, rowid, message_body) VALUES ('delete', old.id, old.message_body);
END;
--> statement-breakpoint
CREATE TRIGGER scheduled_messages_fts_update AFTER UPDATE OF message_body ON scheduled_messages WHEN old.message_body <> new.message_body BEGIN
  INSERT INTO scheduled_messages_fts(scheduled_messages_fts, rowid, message_body) VALUES ('delete', old.id, old.message_body);
  INSERT INTO scheduled_messages_fts(rowid, message_body) VALUES (new.id, new.message_body);
END;
--> statement-breakpoint
INSERT INTO scheduled_messages_fts(scheduled_messages_fts) VALUES ('rebuild');
