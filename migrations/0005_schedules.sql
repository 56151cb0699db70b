CREATE TABLE `recurring_schedules` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message_body` text NOT NULL,
	`target` text NOT NULL,
	`event_id` integer,
	`test_mode` integer DEFAULT false NOT NULL,
	`include_unsubscribe` integer DEFAULT false NOT NULL,
	`submission_id` text NOT NULL,
	`rule` text NOT NULL,
	`made_through` text DEFAULT '' NOT NULL,
	`refill_at` integer,
	`ended_at` integer,
	`created_by` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `recurring_schedules_submission` ON `recurring_schedules` (`submission_id`);--> statement-breakpoint
ALTER TABLE `scheduled_messages` ADD `schedule_id` integer;--> statement-breakpoint
ALTER TABLE `scheduled_messages` ADD `reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `scheduled_messages` ADD `lease_until_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `scheduled_messages_list` ON `scheduled_messages` ((status = 'pending' OR status = 'processing'),`due_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `scheduled_messages_occurrence` ON `scheduled_messages` (`schedule_id`,`due_at`) WHERE schedule_id IS NOT NULL;