-- Substring search by name or digits; three letters and more use this index (src/web/search.ts).
CREATE VIRTUAL TABLE community_members_fts USING fts5(name, phone, content='community_members', content_rowid='id', tokenize='trigram remove_diacritics 1');
--> statement-breakpoint
CREATE TRIGGER community_members_fts_insert AFTER INSERT ON community_members BEGIN
  INSERT INTO community_members_fts(rowid, name, phone) VALUES (new.id, new.name, new.phone);
END;
--> statement-breakpoint
CREATE TRIGGER community_members_fts_delete AFTER DELETE ON community_members BEGIN
  INSERT INTO community_members_fts(community_members_fts, rowid, name, phone) VALUES ('delete', old.id, old.name, old.phone);
END;
--> statement-breakpoint
CREATE TRIGGER community_members_fts_update AFTER UPDATE OF name, phone ON community_members BEGIN
  INSERT INTO community_members_fts(community_members_fts, rowid, name, phone) VALUES ('delete', old.id, old.name, old.phone);
  INSERT INTO community_members_fts(rowid, name, phone) VALUES (new.id, new.name, new.phone);
END;
