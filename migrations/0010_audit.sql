CREATE TABLE `audit_retention` (
	`id` integer PRIMARY KEY NOT NULL,
	`kept_from_at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `audit_events_created`;--> statement-breakpoint
CREATE INDEX `audit_events_type` ON `audit_events` (`event_type`,`created_at`,`id`,`outcome`,"username" COLLATE NOCASE);--> statement-breakpoint
CREATE INDEX `audit_events_username` ON `audit_events` ("username" COLLATE NOCASE,`created_at`,`id`,`outcome`,`event_type`);--> statement-breakpoint
CREATE INDEX `audit_events_refused` ON `audit_events` (`outcome`,`created_at`,`id`,`event_type`,"username" COLLATE NOCASE) WHERE outcome <> 'success';--> statement-breakpoint
CREATE INDEX `audit_events_created` ON `audit_events` (`created_at`,`id`,`outcome`,`event_type`,"username" COLLATE NOCASE);