CREATE TABLE `audit_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`event_type` text NOT NULL,
	`outcome` text NOT NULL,
	`user_id` integer,
	`username` text DEFAULT '' NOT NULL,
	`address` text DEFAULT '' NOT NULL,
	`subject` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_created` ON `audit_events` (`created_at`);--> statement-breakpoint
CREATE TABLE `community_members` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`phone` text NOT NULL,
	`import_id` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `community_members_phone` ON `community_members` (`phone`);--> statement-breakpoint
CREATE INDEX `community_members_name` ON `community_members` ("name" = '',"name" COLLATE NOCASE,`phone`);--> statement-breakpoint
CREATE INDEX `community_members_created` ON `community_members` (`created_at`);--> statement-breakpoint
CREATE TABLE `event_registrations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`event_id` integer NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`phone` text NOT NULL,
	`import_id` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`event_id`) REFERENCES `events`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `event_registrations_phone` ON `event_registrations` (`event_id`,`phone`);--> statement-breakpoint
CREATE INDEX `event_registrations_name` ON `event_registrations` (`event_id`,"name" = '',"name" COLLATE NOCASE,`phone`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`title` text NOT NULL,
	`date` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_date` ON `events` (`date`);--> statement-breakpoint
CREATE TABLE `import_chunks` (
	`import_id` integer NOT NULL,
	`position` integer NOT NULL,
	`rows` text NOT NULL,
	PRIMARY KEY(`import_id`, `position`),
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `import_rows` (
	`import_id` integer NOT NULL,
	`row_number` integer NOT NULL,
	`kind` text NOT NULL,
	`raw` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`phone` text,
	`reason` text DEFAULT '' NOT NULL,
	`fix` text DEFAULT '' NOT NULL,
	`prior_name` text,
	`applied` text,
	PRIMARY KEY(`import_id`, `row_number`),
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `import_rows_kind` ON `import_rows` (`import_id`,`kind`,`row_number`);--> statement-breakpoint
CREATE UNIQUE INDEX `import_rows_phone` ON `import_rows` (`import_id`,`phone`) WHERE phone IS NOT NULL AND kind <> 'duplicate';--> statement-breakpoint
CREATE TABLE `imports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`event_id` integer,
	`filename` text NOT NULL,
	`status` text NOT NULL,
	`fault` text DEFAULT '' NOT NULL,
	`columns` text DEFAULT '{}' NOT NULL,
	`total_rows` integer DEFAULT 0 NOT NULL,
	`done_rows` integer DEFAULT 0 NOT NULL,
	`counts` text DEFAULT '{}' NOT NULL,
	`lease_until_at` integer DEFAULT 0 NOT NULL,
	`lease_token` text,
	`created_by` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`committed_at` integer,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `imports_created` ON `imports` (`created_at`);--> statement-breakpoint
CREATE INDEX `imports_open` ON `imports` (`status`) WHERE status IN ('reading','committing','undoing');--> statement-breakpoint
CREATE TABLE `inbound_messages` (
	`message_sid` text PRIMARY KEY NOT NULL,
	`phone` text NOT NULL,
	`keyword` text,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `inbound_messages_received` ON `inbound_messages` (`received_at`);--> statement-breakpoint
CREATE TABLE `job_runs` (
	`name` text PRIMARY KEY NOT NULL,
	`ran_at` integer NOT NULL,
	`holder` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `login_attempts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`username` text NOT NULL,
	`address` text NOT NULL,
	`attempted_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `login_attempts_username` ON `login_attempts` (`username`,`attempted_at`);--> statement-breakpoint
CREATE INDEX `login_attempts_address` ON `login_attempts` (`address`,`attempted_at`);--> statement-breakpoint
CREATE TABLE `message_deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`log_id` integer NOT NULL,
	`phone` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`skip_reason` text,
	`claim_token` text,
	`lease_until_at` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`not_before_at` integer DEFAULT 0 NOT NULL,
	`attempted_at` integer,
	`needs_person` integer DEFAULT false NOT NULL,
	`provider_sid` text,
	`error_code` integer,
	`parts` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`log_id`) REFERENCES `message_logs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_deliveries_phone` ON `message_deliveries` (`phone`,`log_id`);--> statement-breakpoint
CREATE INDEX `message_deliveries_status` ON `message_deliveries` (`log_id`,`status`);--> statement-breakpoint
CREATE TABLE `message_logs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`status` text NOT NULL,
	`message_body` text NOT NULL,
	`target` text NOT NULL,
	`event_id` integer,
	`test_mode` integer DEFAULT false NOT NULL,
	`include_unsubscribe` integer DEFAULT false NOT NULL,
	`sender` text DEFAULT '' NOT NULL,
	`submission_id` text NOT NULL,
	`created_by` text DEFAULT '' NOT NULL,
	`total_recipients` integer DEFAULT 0 NOT NULL,
	`excluded_opted_out` integer DEFAULT 0 NOT NULL,
	`excluded_suppressed` integer DEFAULT 0 NOT NULL,
	`excluded_duplicate` integer DEFAULT 0 NOT NULL,
	`counts` text DEFAULT '{}' NOT NULL,
	`counts_stale` integer DEFAULT true NOT NULL,
	`hold_until_at` integer NOT NULL,
	`throttled_until_at` integer DEFAULT 0 NOT NULL,
	`pause_code` integer,
	`paused_by` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `message_logs_submission` ON `message_logs` (`submission_id`);--> statement-breakpoint
CREATE INDEX `message_logs_created` ON `message_logs` (`created_at`);--> statement-breakpoint
CREATE INDEX `message_logs_open` ON `message_logs` (`status`) WHERE finished_at IS NULL;--> statement-breakpoint
CREATE INDEX `message_logs_stale` ON `message_logs` (`id`) WHERE counts_stale = 1;--> statement-breakpoint
CREATE TABLE `password_history` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `password_history_user` ON `password_history` (`user_id`);--> statement-breakpoint
CREATE TABLE `scheduled_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`status` text NOT NULL,
	`message_body` text NOT NULL,
	`target` text NOT NULL,
	`event_id` integer,
	`test_mode` integer DEFAULT false NOT NULL,
	`include_unsubscribe` integer DEFAULT false NOT NULL,
	`submission_id` text NOT NULL,
	`time_zone` text NOT NULL,
	`due_at` integer NOT NULL,
	`log_id` integer,
	`created_by` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `scheduled_messages_submission` ON `scheduled_messages` (`submission_id`);--> statement-breakpoint
CREATE INDEX `scheduled_messages_due` ON `scheduled_messages` (`status`,`due_at`);--> statement-breakpoint
CREATE TABLE `sender_lease` (
	`id` integer PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`data` text NOT NULL,
	`user_agent` text DEFAULT '' NOT NULL,
	`address` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`idle_expires_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `simulator_dials` (
	`id` integer PRIMARY KEY NOT NULL,
	`dials` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `simulator_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sid` text NOT NULL,
	`direction` text NOT NULL,
	`phone` text NOT NULL,
	`body` text NOT NULL,
	`status` text NOT NULL,
	`error_code` integer,
	`parts` integer DEFAULT 0 NOT NULL,
	`callback_url` text DEFAULT '' NOT NULL,
	`next_receipt_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `simulator_messages_sid` ON `simulator_messages` (`sid`);--> statement-breakpoint
CREATE INDEX `simulator_messages_phone` ON `simulator_messages` (`phone`,`id`);--> statement-breakpoint
CREATE INDEX `simulator_messages_due` ON `simulator_messages` (`next_receipt_at`) WHERE next_receipt_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `suppressed_contacts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`phone` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`category` text NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`error_code` integer,
	`source` text NOT NULL,
	`log_id` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `suppressed_contacts_phone` ON `suppressed_contacts` (`phone`);--> statement-breakpoint
CREATE INDEX `suppressed_contacts_created` ON `suppressed_contacts` (`created_at`);--> statement-breakpoint
CREATE TABLE `unsubscribed_contacts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`phone` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`source` text NOT NULL,
	`log_id` integer,
	`created_by` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `unsubscribed_contacts_phone` ON `unsubscribed_contacts` (`phone`);--> statement-breakpoint
CREATE INDEX `unsubscribed_contacts_created` ON `unsubscribed_contacts` (`created_at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`username` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`phone` text,
	`must_change_password` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_username` ON `users` (lower("username"));