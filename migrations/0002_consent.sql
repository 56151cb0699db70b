CREATE TABLE `consent_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`phone` text NOT NULL,
	`kind` text NOT NULL,
	`how` text NOT NULL,
	`created_by` text DEFAULT '' NOT NULL,
	`detail` text DEFAULT '' NOT NULL,
	`log_id` integer,
	`import_id` integer,
	`event_id` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `consent_events_phone` ON `consent_events` (`phone`);--> statement-breakpoint
ALTER TABLE `suppressed_contacts` ADD `known_as` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `suppressed_contacts_name` ON `suppressed_contacts` ("known_as" = '',"known_as" COLLATE NOCASE,`phone`);--> statement-breakpoint
CREATE INDEX `suppressed_contacts_reason` ON `suppressed_contacts` ("reason" COLLATE NOCASE,`phone`);--> statement-breakpoint
CREATE INDEX `suppressed_contacts_source` ON `suppressed_contacts` (`source`,`phone`);--> statement-breakpoint
CREATE INDEX `suppressed_contacts_category` ON `suppressed_contacts` (`category`,`phone`);--> statement-breakpoint
ALTER TABLE `unsubscribed_contacts` ADD `import_id` integer;--> statement-breakpoint
ALTER TABLE `unsubscribed_contacts` ADD `known_as` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `unsubscribed_contacts_name` ON `unsubscribed_contacts` ("known_as" = '',"known_as" COLLATE NOCASE,`phone`);--> statement-breakpoint
CREATE INDEX `unsubscribed_contacts_reason` ON `unsubscribed_contacts` ("reason" COLLATE NOCASE,`phone`);--> statement-breakpoint
CREATE INDEX `unsubscribed_contacts_source` ON `unsubscribed_contacts` (`source`,`phone`);--> statement-breakpoint
CREATE INDEX `event_registrations_person` ON `event_registrations` (`phone`);